"""The networks there are, by the name that train.py, its checkpoint and the manifest give them."""
import torch

from mlp import Mlp
from model import PatchTransformer

NETWORKS = {'transformer': PatchTransformer, 'mlp': Mlp}
FRAME = ('labels', 'patches', 'patchSize', 'components')


class NetworkError(Exception):
    """There is no such network; the message names those there are."""


def network_class(name):
    """By `--network` (transformer, mlp) or by the manifest's architecture.name (patch-transformer, mlp)."""
    for key, network in NETWORKS.items():
        if name in (key, network.name):
            return network
    raise NetworkError(f'no network is called {name!r}; there is {", ".join(NETWORKS)}')


def create_network(name, sizes):
    """A network with random weights; of `sizes` it takes the frame (FRAME) and those that its `defaults` name."""
    network = network_class(name)
    given = {**getattr(network, 'absent', {}), **sizes}
    return network({key: given[key] for key in (*FRAME, *network.defaults)})


def hidden_matrices(model):
    """Parameters that map hidden features to hidden features: what Muon is for. Looks at labels, heads and embeddings are not."""
    modules = [*getattr(model, 'code', []), *getattr(model, 'hidden', [])]
    for layer in getattr(model, 'layers', []):
        modules += [layer.qkv, layer.out, layer.up, layer.down]
    return [module.weight for module in modules]


def exported_tensors(model):
    """Weights by their name in the bundle; matrices as [in, out], as the emulator multiplies them."""
    return {name: tensor.detach() for name, tensor in model.exported().items()}


@torch.no_grad()
def load_exported(model, tensors):
    """The inverse of exported_tensors: copies named arrays into the model."""
    for name, target in exported_tensors(model).items():
        target.copy_(torch.as_tensor(tensors[name]).to(target.dtype).view(target.shape))
    return model
