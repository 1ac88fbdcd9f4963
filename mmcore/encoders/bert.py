"""BERT's encoder (Devlin et al. 2019), its parameters named as in the checkpoints that carry its weights."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

EPS = 1e-12


class Bert(nn.Module):
    """(B, T) int64 sub-word ids and (B, T) mask (1 where there is one) -> (B, T, D) float32.

    Args:
        vocabulary, longest: rows of the two tables of embeddings.
        width: D; ``heads`` divides it.
    """

    def __init__(self, vocabulary: int = 30522, longest: int = 512, width: int = 384, layers: int = 6, heads: int = 12) -> None:
        super().__init__()
        self.embeddings = Embeddings(vocabulary, longest, width)
        self.encoder = Stack(width, layers, heads)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The last layer's hidden states; a sub-word that is not there is seen by none."""
        hidden = self.embeddings(ids)
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        return self.encoder(hidden, bias)


class Embeddings(nn.Module):
    """Sub-word, place in the text and (always the first) kind of segment, summed."""

    def __init__(self, vocabulary: int, longest: int, width: int) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, width)
        self.position_embeddings = nn.Embedding(longest, width)
        self.token_type_embeddings = nn.Embedding(2, width)
        self.LayerNorm = nn.LayerNorm(width, EPS)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(B, T) ids -> (B, T, D)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        return self.LayerNorm(self.word_embeddings(ids) + self.position_embeddings(places) + self.token_type_embeddings.weight[0])


class Stack(nn.Module):
    """Layers, one after another."""

    def __init__(self, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(width, heads) for _ in range(layers))

    def forward(self, hidden: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """(B, T, D) and (B, 1, 1, T) bias, very negative where there is no sub-word -> (B, T, D)."""
        for layer in self.layer:
            hidden = layer(hidden, bias)
        return hidden


class Attention(nn.Module):
    """Queries, keys and values of one layer."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, hidden: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """(B, T, D) and (B, 1, 1, T) bias on the scores -> (B, T, D)."""
        split = (hidden.shape[0], hidden.shape[1], self.heads, hidden.shape[2] // self.heads)
        query, key, value = (part(hidden).reshape(split).transpose(1, 2) for part in (self.query, self.key, self.value))
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        return seen.transpose(1, 2).reshape(hidden.shape)


class Layer(nn.Module):
    """Attention and two linear layers, each added to what came in and normalised after."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = nn.ModuleDict({"self": Attention(width, heads), "output": Joined(width, width)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, 4 * width)})
        self.output = Joined(4 * width, width)

    def forward(self, hidden: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """(B, T, D) and (B, 1, 1, T) bias -> (B, T, D)."""
        hidden = self.attention["output"](self.attention["self"](hidden, bias), hidden)
        return self.output(F.gelu(self.intermediate["dense"](hidden)), hidden)


class Joined(nn.Module):
    """A linear layer, what came before added, normalised."""

    def __init__(self, wide: int, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(wide, width)
        self.LayerNorm = nn.LayerNorm(width, EPS)

    def forward(self, new: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
        """(B, T, W) new and (B, T, D) before -> (B, T, D)."""
        return self.LayerNorm(self.dense(new) + before)
