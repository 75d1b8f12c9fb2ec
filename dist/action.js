// src/action.ts
process.setSourceMapsEnabled(true);
await import("./run-action.js");

export {  };
//# sourceMappingURL=action.js.map