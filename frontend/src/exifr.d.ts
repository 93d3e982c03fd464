declare module "exifr/dist/lite.esm.mjs" {
  type Blocks = Record<string, boolean | string[]>;
  const exifr: {
    gps(file: Blob): Promise<{ latitude: number; longitude: number } | undefined>;
    parse(file: Blob, blocks: Blocks): Promise<Record<string, unknown> | undefined>;
  };
  export default exifr;
}
