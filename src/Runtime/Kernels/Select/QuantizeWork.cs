using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.FabricNumerics;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Select;

/// <summary>Quantisation of the input vectors of a product, whole vectors per part.</summary>
internal sealed unsafe class QuantizeWork(SimdLevel level) : IParallelWork
{
    public Activations? To { get; set; }

    public float* X { get; set; }

    /// <summary>Widths of the fabric's numerics, for vectors of that kind.</summary>
    public HardwareNumerics? Hardware { get; init; }

    public void Run(int worker, int part, int parts)
    {
        var to = To!;
        for (var row = part; row < to.Rows; row += parts)
        {
            var x = X + ((nint)row * to.Inputs);
            if (to.Kind == ActivationKind.Vector)
                VectorQuantizer.Quantize(x, to, row, Hardware!.ActivationLimit);
            else if (level == SimdLevel.Portable)
                ScalarQuantizer.Quantize(x, to, row);
            else
                SimdQuantizer.Quantize(x, to, row);
        }
    }
}
