declare module "pngjs" {
  export const PNG: {
    readonly sync: { readonly read: (bytes: Buffer) => { readonly width: number; readonly height: number; readonly data: Buffer } };
  };
}
