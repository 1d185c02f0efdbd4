using System.Buffers.Binary;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Random bits as blocks, with scales replaced by small numbers of both signs, subnormal ones among them.</summary>
internal static class RandomBlocks
{
    /// <summary>Bytes of each block at which a binary16 scale lies.</summary>
    private static int[] HalfScales(CodeFormat format) =>
        format.Name switch
        {
            "q4_1" or "q5_1" or "q4_k" or "q5_k" => [0, 2],
            "q2_k" => [80, 82],
            "q3_k" => [108],
            "q6_k" => [208],
            "tq1_0" => [52],
            "tq2_0" => [64],
            "f32" or "f16" or "bf16" or "iq1_m" or "mxfp4" or "nvfp4" => [],
            _ => format.GgmlType < 0 ? [] : [0],
        };

    public static byte[] Row(CodeFormat format, int blocks, Random random)
    {
        var row = new byte[blocks * format.BlockBytes];
        random.NextBytes(row);
        for (var b = 0; b < blocks; b++)
        {
            var block = row.AsSpan(b * format.BlockBytes, format.BlockBytes);
            foreach (var at in HalfScales(format))
                BinaryPrimitives.WriteHalfLittleEndian(block[at..], Scale(random));
            switch (format.Name)
            {
                case "f32":
                    BinaryPrimitives.WriteSingleLittleEndian(block, random.NextSingle() - 0.5f);
                    break;
                case "f16":
                    BinaryPrimitives.WriteHalfLittleEndian(block, Scale(random));
                    break;
                case "bf16":
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        block,
                        (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle() - 0.5f) >> 16)
                    );
                    break;
                case "iq1_m":
                    block[55] &= 0x3F; // the top nibble of the scale
                    break;
                case "mxfp4":
                    block[0] = (byte)random.Next(random.Next(4) == 0 ? 3 : 124, 130);
                    if (random.Next(8) == 0)
                        block[0] = (byte)random.Next(3);
                    break;
            }
        }

        return row;
    }

    private static Half Scale(Random random) => (Half)((random.NextSingle() - 0.5f) * (random.Next(4) == 0 ? 1e-5f : 0.1f));
}
