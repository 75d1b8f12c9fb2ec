// Source maps take effect only for modules loaded after this line, hence the dynamic import.
process.setSourceMapsEnabled(true);
await import("./run-action.ts");
