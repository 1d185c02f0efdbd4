using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A block row of sixteen columns, decoded: integer codes with the scales and minima of their sub-blocks, or floats.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SpreadRow
{
    /// <summary>Codes as word pairs [input / 2][16], or floats [input][16].</summary>
    public fixed int Codes[4096];

    /// <summary>[sub-block][16].</summary>
    public fixed float Scales[256];

    /// <summary>[sub-block][16].</summary>
    public fixed float Minima[256];

    /// <summary>Four signed codes of each of eight columns, beginning at input 4·unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(SpreadRow* to, int unit, int half, Vector256<byte> codes)
    {
        Vector256<uint> even = (codes.AsInt16() << 8 >> 8).AsUInt32(),
            odd = (codes.AsInt16() >> 8).AsUInt32();
        var place = (uint*)to->Codes + (32 * unit) + (8 * half);
        ((even & Vector256.Create(0xFFFFu)) | (odd << 16)).Store(place);
        ((even >>> 16) | (odd & Vector256.Create(0xFFFF0000u))).Store(place + 16);
    }

    /// <summary>The same as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutFloats(SpreadRow* to, int unit, int half, Vector256<byte> codes, Vector256<float> scale)
    {
        var place = (float*)to->Codes + (64 * unit) + (8 * half);
        (scale * Vector256.ConvertToSingle(codes.AsInt32() << 24 >> 24)).Store(place);
        (scale * Vector256.ConvertToSingle(codes.AsInt32() << 16 >> 24)).Store(place + 16);
        (scale * Vector256.ConvertToSingle(codes.AsInt32() << 8 >> 24)).Store(place + 32);
        (scale * Vector256.ConvertToSingle(codes.AsInt32() >> 24)).Store(place + 48);
    }
}
