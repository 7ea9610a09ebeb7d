import { failed, success, type Result } from '../domain/result.ts';

/** The files of the site (`public/`): model bundles, calibrations, the demo star. The page fetches them, the terminal reads them from disk. */
export interface Assets {
  /** Content of `path`, relative to the site's root. Failure `ASSET_MISSING`. */
  read(path: string): Promise<Result<Uint8Array>>;
}

/** Assets under a URL. */
export function fetchedAssets(base: string): Assets {
  return {
    async read(path) {
      const url = new URL(path, base);
      const hint = 'Reload the page; where you serve it yourself, check that the whole site was copied.';
      try {
        const response = await fetch(url);
        if (!response.ok)
          return failed('ASSET_MISSING', `${url.pathname} answered ${String(response.status)} ${response.statusText}.`, hint);
        return success(new Uint8Array(await response.arrayBuffer()));
      } catch (error) {
        return failed(
          'ASSET_MISSING',
          `${url.pathname} could not be fetched: ${error instanceof Error ? error.message : String(error)}.`,
          hint,
        );
      }
    },
  };
}

/** JSON of an asset, unchecked. Failures `ASSET_MISSING`, `ASSET_NOT_JSON`. */
export async function readJson(assets: Assets, path: string): Promise<Result<unknown>> {
  const bytes = await assets.read(path);
  if (!bytes.ok) return bytes;
  try {
    return success(JSON.parse(new TextDecoder().decode(bytes.value)) as unknown);
  } catch (error) {
    return failed(
      'ASSET_NOT_JSON',
      `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
      'The site is incomplete or the file was edited.',
    );
  }
}
