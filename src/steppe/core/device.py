"""Rules on a graphics processor: the same plain functions, compiled for CUDA.

``kernel`` takes a loop whose rows are shared out among the threads of the device, and compiles it
together with every function that it calls by name, as ``core.compile`` does for the processor.
Multiplication and addition are never contracted into one rounding, which would change bits.

``numba-cuda`` is an extra. Its simulator (``NUMBA_ENABLE_CUDASIM=1``) runs the same kernels, one
thread at a time, where there is no device.
"""

from __future__ import annotations

import functools
import os
import types
from collections.abc import Callable
from typing import Any, Literal

from steppe.core.compile import Binding, fused
from steppe.core.errors import SteppeError

Device = Literal["cpu", "gpu", "auto"]

INSTALL = "pip install 'steppe[gpu]'"


class NoDeviceError(SteppeError):
    """There is no CUDA device, or no package to use it."""


def simulated() -> bool:
    """Tell whether kernels run in the simulator."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM", "0") not in ("", "0")


@functools.cache
def _cuda() -> Any:
    """Return ``numba.cuda``, told never to contract; raises ``NoDeviceError`` without a device."""
    try:
        import numba.cuda as module
    except ImportError as error:
        raise NoDeviceError(f"numba has no CUDA target here; {INSTALL} ({error})") from None
    cuda: Any = module
    if simulated():
        return cuda
    if not cuda.is_available():
        raise NoDeviceError(
            "no CUDA device can be used here: it takes an NVIDIA GPU with its driver, and "
            f"{INSTALL}; without one, leave out --device gpu"
        )
    never_contract()
    return cuda


def never_contract() -> None:
    """Have numba compile ``a*b + c`` for CUDA with two roundings, as the processor does it.

    There is no option for it in ``cuda.jit``; the compiler behind it has one, on by default.
    """
    import numba.cuda.cudadrv.nvvm as module

    nvvm: Any = module
    if not hasattr(nvvm.compile_ir, "contracts"):
        plain = nvvm.compile_ir

        def compile_ir(llvmir: Any, **options: Any) -> Any:
            return plain(llvmir, **{"fma": False, **options})

        vars(compile_ir)["contracts"] = False
        nvvm.compile_ir = compile_ir


def has_device() -> bool:
    """Tell whether there is a CUDA device (or the simulator) and a package to use it."""
    try:
        _cuda()
    except NoDeviceError:
        return False
    return True


def cuda() -> Any:
    """Return the module that moves arrays to and from the device."""
    return _cuda()


@functools.cache
def kernel(function: Callable[..., Any], bind: Binding = ()) -> Any:
    """Return ``function`` as a CUDA kernel; the name ``cuda`` in it means ``numba.cuda``.

    ``bind`` replaces functions called by name, as in ``core.compile.compiled``.
    """
    assert isinstance(function, types.FunctionType)
    copy = fused(function, bind, _device_function)
    copy.__globals__["cuda"] = _cuda()
    return _cuda().jit(fastmath=False)(copy)


@functools.cache
def _device_function(function: Callable[..., Any], bind: Binding) -> Any:
    assert isinstance(function, types.FunctionType)
    copy = fused(function, bind, _device_function)
    if simulated():
        return copy
    return _cuda().jit(device=True, fastmath=False)(copy)
