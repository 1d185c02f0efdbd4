using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>
/// A GGUF block as integer codes with a scale and a minimum per sub-block: weight = scale · code − minimum. Holds for the types with evenly
/// spaced codes and the four-bit code books; the code books of one to three bits and the floats have no integer codes.
/// </summary>
internal unsafe struct SubBlocks
{
    /// <summary>Codes in the order of the inputs.</summary>
    public fixed sbyte Codes[256];

    /// <summary>One per sub-block.</summary>
    public fixed float Scales[16];

    /// <summary>One per sub-block.</summary>
    public fixed float Minima[16];

    /// <summary>Weights per sub-block.</summary>
    public int Size;

    /// <summary>Whether the type has integer codes.</summary>
    public static bool Holds(int type) =>
        type is 2 or 3 or 6 or 7 or 8 or 10 or 11 or 12 or 13 or 14 or 20 or 23 or 34 or 35 or 39 or 40 or 41 or 42;

    /// <summary>Whether sub-blocks of the type have minima.</summary>
    public static bool HasMinima(int type) => type is 3 or 7 or 10 or 12 or 13;

    /// <summary>Weights per sub-block of the type.</summary>
    public static int SizeOf(int type) =>
        type switch
        {
            10 or 11 or 14 or 40 => 16,
            34 or 35 => 256,
            41 => 128,
            42 => 64,
            _ => 32,
        };

    /// <summary>Decodes one block.</summary>
    public void Decode(int type, byte* w)
    {
        Size = SizeOf(type);
        var d = type is 39 or 40 ? 0 : Half(w);
        for (var i = 0; i < 16; i++)
            Minima[i] = 0;
        switch (type)
        {
            case 2 or 20 or 39:
                Scales[0] = type == 39 ? CodebookValues.HalfE8M0(w[0]) : d;
                Nibbles(
                    w + (type == 39 ? 1 : 2),
                    0,
                    type switch
                    {
                        2 => default,
                        20 => CodebookValues.Iq4,
                        _ => CodebookValues.Fp4Doubled,
                    }
                );
                break;
            case 3:
                Scales[0] = d;
                Minima[0] = -Half(w + 2);
                for (var i = 0; i < 32; i++)
                    Codes[i] = (sbyte)((w[4 + (i % 16)] >> (4 * (i / 16))) & 15);
                break;
            case 6 or 7:
                FiveBits(w, type == 7);
                break;
            case 8:
                Scales[0] = d;
                for (var i = 0; i < 32; i++)
                    Codes[i] = (sbyte)w[2 + i];
                break;
            case 23:
                for (var b = 0; b < 8; b++)
                {
                    var code = ((w[4 + (b / 2)] >> (4 * (b % 2))) & 15) | (((*(ushort*)(w + 2) >> (2 * b)) & 3) << 4);
                    Scales[b] = d * (code - 32);
                    Nibbles(w + 8 + (16 * b), 32 * b, CodebookValues.Iq4);
                }

                break;
            case 40:
                for (var i = 0; i < 64; i++)
                    Codes[i] = CodebookValues.Fp4Doubled[(w[4 + (8 * (i / 16)) + (i % 8)] >> (4 * (i % 16 / 8))) & 15];
                for (var s = 0; s < 4; s++)
                    Scales[s] = CodebookValues.HalfUE4M3(w[s]);
                break;
            case 41 or 42:
                Scales[0] = d;
                for (var i = 0; i < Size; i++)
                    Codes[i] = (sbyte)(
                        type == 41
                            ? ((w[2 + (i / 8)] >> (i % 8)) & 1) == 0
                                ? -1
                                : 1
                            : ((w[2 + (i / 4)] >> (2 * (i % 4))) & 3) - 1
                    );
                break;
            case 34 or 35:
                Ternary(type, w);
                break;
            default:
                SuperBlock(type, w);
                break;
        }
    }

    private static float Half(byte* at) => (float)*(System.Half*)at;

    private void Nibbles(byte* q, int at, ReadOnlySpan<sbyte> table)
    {
        for (var i = 0; i < 32; i++)
        {
            var nibble = (q[i % 16] >> (4 * (i / 16))) & 15;
            Codes[at + i] = table.IsEmpty ? (sbyte)(nibble - 8) : table[nibble];
        }
    }

    private void FiveBits(byte* w, bool minimum)
    {
        Scales[0] = Half(w);
        if (minimum)
            Minima[0] = -Half(w + 2);
        var q = w + (minimum ? 4 : 2);
        var high = *(uint*)q;
        for (var i = 0; i < 32; i++)
            Codes[i] = (sbyte)((((q[4 + (i % 16)] >> (4 * (i / 16))) & 15) | (int)(((high >> i) & 1) << 4)) - (minimum ? 0 : 16));
    }

    private void Ternary(int type, byte* w)
    {
        ReadOnlySpan<byte> powers = [1, 3, 9, 27, 81];
        Scales[0] = Half(w + (type == 34 ? 52 : 64));
        for (var e = 0; e < 256; e++)
        {
            if (type == 35)
            {
                Codes[e] = (sbyte)(((w[(32 * (e / 128)) + (e % 32)] >> (2 * (e % 128 / 32))) & 3) - 1);
                continue;
            }

            var (b, t) =
                e < 160 ? (w[e % 32], e / 32)
                : e < 240 ? (w[32 + (e % 16)], (e - 160) / 16)
                : (w[48 + (e % 4)], (e - 240) / 4);
            Codes[e] = (sbyte)(((byte)(b * powers[t]) * 3 >> 8) - 1);
        }
    }

    private void SuperBlock(int type, byte* w)
    {
        for (var s = 0; s < 256 / Size; s++)
        {
            switch (type)
            {
                case 10:
                    Scales[s] = Half(w + 80) * (w[s] & 15);
                    Minima[s] = Half(w + 82) * (w[s] >> 4);
                    break;
                case 11:
                    Scales[s] = Half(w + 108) * (Blocks256.Q3Scale(w + 96, s) - 32);
                    break;
                case 14:
                    Scales[s] = Half(w + 208) * (sbyte)w[192 + s];
                    break;
                default:
                    var (scale, minimum) = Blocks256.Q4Scale(w + 4, s);
                    Scales[s] = Half(w) * scale;
                    Minima[s] = Half(w + 2) * minimum;
                    break;
            }
        }

        for (var i = 0; i < 256; i++)
        {
            int n = i / 128,
                j = i % 128 / 32,
                l = i % 32,
                sub = i / 32;
            Codes[i] = (sbyte)(
                type switch
                {
                    10 => (w[16 + (32 * n) + l] >> (2 * j)) & 3,
                    11 => ((w[32 + (32 * n) + l] >> (2 * j)) & 3) - (((w[l] >> sub) & 1) != 0 ? 0 : 4),
                    12 => (w[16 + (32 * (sub / 2)) + l] >> (4 * (sub % 2))) & 15,
                    13 => ((w[48 + (32 * (sub / 2)) + l] >> (4 * (sub % 2))) & 15) | (((w[16 + l] >> sub) & 1) << 4),
                    _ => (((w[(64 * n) + (32 * (j & 1)) + l] >> (4 * (j / 2))) & 15) | (((w[128 + (32 * n) + l] >> (2 * j)) & 3) << 4))
                        - 32,
                }
            );
        }
    }
}
