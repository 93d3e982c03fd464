declare module "exifr/dist/lite.esm.mjs" {
  const exifr: {
    gps(file: Blob): Promise<{ latitude: number; longitude: number } | undefined>;
    parse(file: Blob, pick: string[]): Promise<Record<string, unknown> | undefined>;
  };
  export default exifr;
}
