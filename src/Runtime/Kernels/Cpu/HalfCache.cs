using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Keys and values in binary16, both as [layer][position][kv head × head size].</summary>
internal sealed unsafe class HalfCache : IKernelCache
{
    private ushort* keys;
    private ushort* values;

    public HalfCache(int layers, int keyWidth, int valueWidth, int capacity)
    {
        KeyWidth = keyWidth;
        ValueWidth = valueWidth;
        Capacity = capacity;
        keys = Allocate((nuint)layers * (nuint)capacity * (nuint)keyWidth);
        values = Allocate((nuint)layers * (nuint)capacity * (nuint)valueWidth);
    }

    public int Capacity { get; }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    /// <summary>Whether a number too large for binary16 was ever stored.</summary>
    public bool HasInfinity { get; private set; }

    /// <summary>Key of a position.</summary>
    public ushort* Key(int layer, int position) => keys + ((((nint)layer * Capacity) + position) * KeyWidth);

    /// <summary>Value of a position.</summary>
    public ushort* Value(int layer, int position) => values + ((((nint)layer * Capacity) + position) * ValueWidth);

    /// <summary>Stores <paramref name="rows"/> positions from <paramref name="position"/> on, rounded.</summary>
    public void Store(int layer, int position, int rows, float* k, float* v)
    {
        HasInfinity |= HalfVectors.Store(k, Key(layer, position), rows * KeyWidth);
        HasInfinity |= HalfVectors.Store(v, Value(layer, position), rows * ValueWidth);
    }

    /// <summary>x in double, exactly, in whole vectors of eight.</summary>
    public void Widen(ushort* x, double* y, int count)
    {
        if (HasInfinity)
        {
            for (var e = 0; e < count; e++)
                y[e] = (double)BitConverter.UInt16BitsToHalf(x[e]);
            return;
        }

        // Exponent and mantissa where a double has them; the power of two sets the bias right. Subnormal numbers are rare enough for what
        // they cost.
        Vector512<long> kept = Vector512.Create(unchecked((long)0x81FFFC0000000000));
        var bias = Vector512.Create(BitConverter.Int64BitsToDouble((1023L + 1023 - 15) << 52));
        for (var e = 0; e < count; e += 8)
        {
            var wide = Vector512.WidenLower(Vector512.WidenLower(Vector128.Load((short*)x + e).ToVector256Unsafe().ToVector512Unsafe()));
            (((wide << 42) & kept).AsDouble() * bias).Store(y + e);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(keys);
        NativeMemory.Free(values);
        keys = values = null;
    }

    /// <summary>Zeroed when first touched, so that positions never written take no memory; a vector may be read behind the end.</summary>
    private static ushort* Allocate(nuint count) => (ushort*)NativeMemory.AllocZeroed(count + 32, sizeof(ushort));
}
