/** The bundle's network on the kernels of this folder. */
import type { ModelBundle } from '../bundle/bundle.ts';
import type { Network } from '../network.ts';
import { WasmMlp } from './mlp.ts';
import type { KernelModule } from './module.ts';
import { WasmTransformer } from './transformer.ts';

export function createWasmNetwork(bundle: ModelBundle, kernels: KernelModule): Network {
  const { architecture } = bundle.manifest;
  switch (architecture.name) {
    case 'patch-transformer':
      return new WasmTransformer(bundle, architecture, kernels);
    case 'mlp':
      return new WasmMlp(bundle, architecture, kernels);
  }
}
