using ILGPU;
using ILGPU.Runtime;
using TaalasSim.ChipModel.Formats;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Plain floats.</summary>
internal sealed class FloatDeviceFamily<T> : DeviceFamily
    where T : unmanaged, IFloatFormat
{
    public override Product Reference(IlgpuDevice device, CodeFormat format) =>
        device.HasDoubles ? Product<DoubleSum>(device) : Product<PairSum>(device);

    public override Product Hardware(IlgpuDevice device, CodeFormat format, long limit) =>
        device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FabricProducts.Float<T>);

    private static Product Product<TSum>(IlgpuDevice device)
        where TSum : unmanaged, IRunningSum<TSum>
    {
        var split = device.Accelerator.LoadStreamKernel<DeviceMatrix, DeviceVectors, ArrayView<float>, int>(FloatProducts.Split<T, TSum>);
        var tile = device.Accelerator.LoadStreamKernel<DeviceMatrix, DeviceVectors, ArrayView<float>, int, int, int>(
            FloatProducts.Tile<T, TSum>
        );
        return (count, w, x, y) =>
        {
            var rows = count / w.Outputs;
            if (rows < BlockLaunch.TiledRows)
            {
                var chunk = Math.Min(BlockLaunch.SharedWords / 16, w.Blocks);
                split(BlockLaunch.Config(device, w.Panels * rows, 16 * chunk, 16 * chunk), w, x, y, chunk);
                return;
            }

            var stage = Math.Min(BlockLaunch.SharedWords / (4 * T.Bytes), w.Blocks);
            var groups = w.Panels * BlockLaunch.Tiles(rows);
            tile(BlockLaunch.Config(device, groups, 16 * BlockLaunch.Tile, stage * 4 * T.Bytes), w, x, y, rows, BlockLaunch.Tile, stage);
        };
    }
}
