"""Oracle: a buffer of older images."""

from __future__ import annotations

from torch import Tensor


class ImageBuffer:
    """Places in one tensor, written by index; how many are filled is counted."""

    def __init__(self, capacity: int) -> None:
        if capacity < 0:
            raise ValueError(f"capacity must be at least 0, not {capacity}")
        self.capacity, self.filled = capacity, 0
        self.places: Tensor | None = None

    def exchange(self, images: Tensor, swap: Tensor, index: Tensor) -> Tensor:
        """(B, C, H, W), coins (B,) bool and places (B,) int64; (B, C, H, W)."""
        if self.places is None:
            self.places = images.new_zeros((self.capacity, *images.shape[1:]))
        given = images.detach().clone()
        result = given.clone()
        for i in range(len(given)):
            if self.filled < self.capacity:
                self.places[self.filled] = given[i]
                self.filled += 1
            elif self.capacity and bool(swap[i]):
                place = int(index[i])
                result[i] = self.places[place]
                self.places[place] = given[i]
        return result


image_buffer = ImageBuffer
