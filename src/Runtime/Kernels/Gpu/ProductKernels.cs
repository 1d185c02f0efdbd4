using ILGPU;
using ILGPU.Runtime;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The product kernel of each format; compiled on first use.</summary>
internal static class ProductKernels
{
    /// <summary>In the reference's arithmetic.</summary>
    /// <exception cref="InputException">The reference has no product for the format.</exception>
    public static Product Reference(IlgpuDevice device, CodeFormat format)
    {
        ScalarProduct.Check(format);
        return device.Kernel($"reference {format.Name}", accelerator =>
            device.HasDoubles ? Reference<DoubleSum>(accelerator, format) : Reference<PairSum>(accelerator, format)
        );
    }

    /// <summary>In the fabric's arithmetic.</summary>
    /// <exception cref="InputException">The format has neither integer codes nor plain floats.</exception>
    public static Product Hardware(IlgpuDevice device, CodeFormat format, HardwareNumerics hardware) =>
        device.Kernel($"hardware {format.Name} {hardware.AccumulatorBits}", accelerator =>
            Hardware(accelerator, format, (1L << (hardware.AccumulatorBits - 1)) - 1)
        );

    private static Product Reference<TSum>(Accelerator a, CodeFormat format)
        where TSum : unmanaged, IRunningSum<TSum> =>
        format.Name switch
        {
            "f32" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FloatProducts.Plain<F32, TSum>),
            "f16" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FloatProducts.Plain<F16, TSum>),
            "bf16" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                FloatProducts.Plain<Bf16, TSum>
            ),
            "q4_0" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(IntegerProducts.SumFirst<Q4_0>),
            "q4_1" => ScaleFirst<Q4_1>(a),
            "q5_0" => ScaleFirst<Q5_0>(a),
            "q5_1" => ScaleFirst<Q5_1>(a),
            "q8_0" => ScaleFirst<Q8_0>(a),
            "iq4_nl" => ScaleFirst<Iq4Nl>(a),
            "iq4_xs" => ScaleFirst<Iq4Xs>(a),
            "mxfp4" => ScaleFirst<MxFp4>(a),
            "nvfp4" => ScaleFirst<NvFp4>(a),
            "q1_0" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                IntegerProducts.ScaleLast<Q1_0>
            ),
            "q2_0" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                IntegerProducts.ScaleLast<Q2_0>
            ),
            "q2_k" => OneSum<Q2K>(a, 1),
            "tq1_0" => OneSum<Tq1>(a, 1),
            "tq2_0" => OneSum<Tq2>(a, 1),
            "iq2_xxs" => OneSum<Iq2Xxs>(a, 0.125f),
            "iq2_xs" => OneSum<Iq2Xs>(a, 0.125f),
            "iq2_s" => OneSum<Iq2S>(a, 0.125f),
            "iq3_xxs" => OneSum<Iq3Xxs>(a, 0.25f),
            "iq3_s" => OneSum<Iq3S>(a, 1),
            "iq1_s" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(IntegerProducts.Shifted<Iq1S>),
            "iq1_m" => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(IntegerProducts.Shifted<Iq1M>),
            "q3_k" => Lanes<Q3K>(a),
            "q4_k" => Lanes<Q4K>(a),
            "q5_k" => Lanes<Q5K>(a),
            "q6_k" => Lanes<Q6K>(a),
            _ when format.GgmlType < 0 => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                FloatProducts.Rom<TSum>
            ),
            _ => throw Missing(format),
        };

    private static Product Hardware(Accelerator a, CodeFormat format, long limit) =>
        format.Name switch
        {
            "f32" => Float<F32>(a),
            "f16" => Float<F16>(a),
            "bf16" => Float<Bf16>(a),
            "q4_0" => Integer<Q4_0>(a),
            "q4_1" => Integer<Q4_1>(a),
            "q5_0" => Integer<Q5_0>(a),
            "q5_1" => Integer<Q5_1>(a),
            "q8_0" => Integer<Q8_0>(a),
            "iq4_nl" => Integer<Iq4Nl>(a),
            "iq4_xs" => Integer<Iq4Xs>(a),
            "mxfp4" => Integer<MxFp4>(a),
            "nvfp4" => Integer<NvFp4>(a),
            "q1_0" => Integer<Q1_0>(a),
            "q2_0" => Integer<Q2_0>(a),
            "q2_k" => Integer<Q2K>(a),
            "q3_k" => Integer<Q3K>(a),
            "q4_k" => Integer<Q4K>(a),
            "q5_k" => Integer<Q5K>(a),
            "q6_k" => Integer<Q6K>(a),
            "tq1_0" => Integer<Tq1>(a),
            "tq2_0" => Integer<Tq2>(a),
            _ when format.GgmlType < 0 => Rom(a, limit),
            _ => throw Missing(format),
        };

    private static InputException Missing(CodeFormat format) =>
        new(
            $"{format.Name} has no product in the fabric's numerics on a GPU backend; use --backend simd, --numerics reference or re-quantise with --weights rom4"
        );

    private static Product ScaleFirst<T>(Accelerator a)
        where T : unmanaged, IIntegerFormat =>
        a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(IntegerProducts.ScaleFirst<T>);

    private static Product Lanes<T>(Accelerator a)
        where T : unmanaged, IIntegerFormat =>
        a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(IntegerProducts.Lanes<T>);

    private static Product OneSum<T>(Accelerator a, float finish)
        where T : unmanaged, IIntegerFormat
    {
        var kernel = a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>, float>(
            IntegerProducts.OneSum<T>
        );
        return (count, w, x, y) => kernel(count, w, x, y, finish);
    }

    private static Product Integer<T>(Accelerator a)
        where T : unmanaged, IIntegerFormat =>
        a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FabricProducts.Integer<T>);

    private static Product Float<T>(Accelerator a)
        where T : unmanaged, IFloatFormat =>
        a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FabricProducts.Float<T>);

    private static Product Rom(Accelerator a, long limit)
    {
        var kernel = a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>, long>(FabricProducts.Rom);
        return (count, w, x, y) => kernel(count, w, x, y, limit);
    }
}
