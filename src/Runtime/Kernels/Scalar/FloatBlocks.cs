using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>Float products summed in order in double: F32, F16, BF16, and the fabric's formats at their dequantised values.</summary>
internal static unsafe class FloatBlocks
{
    public static void Add(CodeFormat format, byte* block, float* x, float columnScale, ScalarSum* sum)
    {
        switch (format.Name)
        {
            case "f32":
                sum->Wide += *(float*)block * x[0];
                break;
            case "f16":
                sum->Wide += (float)*(Half*)block * x[0];
                break;
            case "bf16":
                sum->Wide += BitConverter.Int32BitsToSingle(*(ushort*)block << 16) * x[0];
                break;
            default:
                var scale = columnScale * block[0];
                for (var i = 0; i < 32; i++)
                    sum->Wide += scale * RomCodes.Code(block, format.CodeBits, i) * x[i];
                break;
        }
    }
}
