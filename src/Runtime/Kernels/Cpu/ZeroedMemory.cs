using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Zeroed native memory, 64-byte aligned. The system backs a large block page by page as it is written, so that room for a whole context or
/// for the logits of a whole batch costs nothing until it is used.
/// </summary>
internal readonly unsafe struct ZeroedMemory
{
    private const int Alignment = 64;

    private readonly void* _block;

    /// <summary>Room for that many floats, and for a whole vector behind their end.</summary>
    public ZeroedMemory(nuint floats)
    {
        _block = NativeMemory.AllocZeroed(checked((floats * sizeof(float)) + (2 * Alignment)));
        Start = (float*)(((nuint)_block + (Alignment - 1)) & ~(nuint)(Alignment - 1));
    }

    /// <summary>First float; null of the default value.</summary>
    public float* Start { get; }

    /// <summary>Gives the memory back; nothing for the default value.</summary>
    public void Free() => NativeMemory.Free(_block);
}
