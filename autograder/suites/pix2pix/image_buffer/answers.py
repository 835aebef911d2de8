"""Known answers: a buffer of older images."""

# %% spoils: never_stored
# Returns older images and never replaces them.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image = self.images[place]
            returned.append(image)
        return torch.stack(returned)


# %% spoils: tails_stored
# Stores every new image once it is full.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            elif self.capacity:
                self.images[place] = image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: coin_turned
# Swaps on tails.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif not heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: always_swaps
# Swaps whatever the coin shows.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: returns_stored_only
# Returns an image of the buffer while it fills, too.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            if len(self.images) > place and heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: new_returned
# Returns the new image in place of the older one.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                self.images[place] = image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: overwritten
# Writes the new image into the older one before it returns it.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                old = self.images[place]
                old.copy_(image)
                image = old
            returned.append(image)
        return torch.stack(returned)


# %% spoils: views_kept
# Stores the caller's images themselves.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image)
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image
            returned.append(image)
        return torch.stack(returned)


# %% spoils: views_kept_when_full
# Copies images while it fills, and not when it swaps.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image
            returned.append(image)
        return torch.stack(returned)


# %% spoils: oldest_first
# Takes the oldest image whatever place is drawn.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                self.images.append(image.clone())
                image = self.images.pop(0)
            returned.append(image)
        return torch.stack(returned)


# %% spoils: random_of_its_own
# Tosses its own coins.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif torch.rand(()) < 0.5 and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: whole_batch
# Treats a batch as one: returns what was stored before it.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned, before = [], list(self.images)
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                old = before[place] if place < len(before) else image
                self.images[place] = image.clone()
                image = old
            returned.append(image)
        return torch.stack(returned)


# %% spoils: one_more
# Stores one image more than its capacity.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) <= self.capacity and self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: one_coin
# Tosses one coin for the whole batch.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif swap.tolist()[0] and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: graph_kept
# Keeps the graph of images.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images, swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: shared
# Shares images between all buffers.
import torch


class ImageBuffer:
    images = []

    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% corner: no_capacity_fails
# Fails with a capacity of 0.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% corner: never_refuses
# Takes a negative capacity.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if False:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)


# %% spoils: squeezed
# Takes away the axis of a batch of one.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned).squeeze(0)


# %% corner: single_precision
# Stores in float32.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned).float()


# %% corner: coins_changed
# Turns the caller's coins into tails once they are used.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError("capacity")
        self.capacity = capacity
        self.images = []

    def exchange(self, images, swap, index):
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist()):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        swap.fill_(False)
        return torch.stack(returned)


# %% right: one_tensor
# Keeps its images in one tensor.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError(f"{capacity} < 0")
        self.capacity, self.n, self.kept = capacity, 0, None

    def exchange(self, images, swap, index):
        new = images.detach().clone()
        result = new.clone()
        if self.kept is None:
            self.kept = new.new_empty(self.capacity, *new.shape[1:])
        for i in range(len(new)):
            if self.n < self.capacity:
                self.kept[self.n] = new[i]
                self.n += 1
            elif self.capacity > 0 and swap[i]:
                result[i] = self.kept[index[i]]
                self.kept[index[i]] = new[i]
        return result


# %% right: dictionary
# Keeps its images by place, under no_grad.
import torch


class ImageBuffer:
    def __init__(self, capacity: int) -> None:
        if capacity < 0:
            raise ValueError("a capacity is not negative")
        self.places = {}
        self.capacity = capacity

    @torch.no_grad()
    def exchange(self, images, swap, index):
        out = []
        for i, image in enumerate(images):
            image = image.detach().clone()
            older = image
            if len(self.places) < self.capacity:
                self.places[len(self.places)] = image
            elif self.capacity and swap[i].item():
                older = self.places[index[i].item()]
                self.places[index[i].item()] = image
            out.append(older.clone())
        return torch.stack(out)


# %% right: slices
# Goes through slices of one image and joins them.
import torch


class ImageBuffer:
    def __init__(self, capacity):
        if capacity < 0:
            raise ValueError(capacity)
        self.capacity = capacity
        self.kept = []

    def exchange(self, images, swap, index):
        copies = images.detach().clone().split(1)
        out = []
        for copy, coin, place in zip(copies, swap, index):
            if len(self.kept) < self.capacity:
                self.kept.append(copy)
                out.append(copy)
            elif self.capacity == 0 or not coin:
                out.append(copy)
            else:
                out.append(self.kept[int(place)])
                self.kept[int(place)] = copy
        return torch.cat(out)
