using ILGPU;
using ILGPU.Runtime;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Grids and shared memory of <see cref="BlockProducts"/> and <see cref="FloatProducts"/>.</summary>
internal static class BlockLaunch
{
    /// <summary>Words of shared memory of a group, 32 KiB: five groups fit a multiprocessor of 164 KiB and more.</summary>
    public const int SharedWords = 8 * 1024;

    /// <summary>Tokens of a group's tile, with 256 threads one token for each sixteen.</summary>
    public const int Tile = 16;

    /// <summary>From so many tokens on, a tile reads less than a group for each token would.</summary>
    public const int TiledRows = 4;

    /// <summary>The product of a format.</summary>
    /// <param name="device">Device.</param>
    /// <param name="finish">Factor of every result.</param>
    public static Product Product<TOrder>(IlgpuDevice device, float finish = 1)
        where TOrder : unmanaged, ISumOrder
    {
        var split = device.Accelerator.LoadStreamKernel<DeviceMatrix, DeviceVectors, ArrayView<float>, int, float>(
            BlockProducts.Split<TOrder>
        );
        var tile = device.Accelerator.LoadStreamKernel<DeviceMatrix, DeviceVectors, ArrayView<float>, int, int, int, float>(
            BlockProducts.Tile<TOrder>
        );
        return (count, w, x, y) =>
        {
            var rows = count / w.Outputs;
            if (rows < TiledRows)
            {
                var chunk = Math.Clamp(((SharedWords / 16) - TOrder.Chains) / TOrder.Terms, 1, w.Blocks);
                var floats = 16 * (TOrder.Chains + (chunk * TOrder.Terms));
                split(Config(device, w.Panels * rows, 16 * chunk, floats), w, x, y, chunk, finish);
                return;
            }

            var fixedFloats = 16 * Tile * (TOrder.Chains + TOrder.Terms);
            var stage = Math.Clamp((SharedWords - fixedFloats) / (4 * TOrder.Bytes), 1, w.Blocks);
            tile(
                Config(device, w.Panels * Tiles(rows), 16 * Tile, fixedFloats + (stage * 4 * TOrder.Bytes)),
                w,
                x,
                y,
                rows,
                Tile,
                stage,
                finish
            );
        };
    }

    /// <summary>Tiles of so many tokens.</summary>
    public static int Tiles(int rows) => (rows + Tile - 1) / Tile;

    /// <summary>A grid of groups for <paramref name="work"/> items each, with <paramref name="floats"/> words of shared memory.</summary>
    public static KernelConfig Config(IlgpuDevice device, int groups, int work, int floats) =>
        new(groups, device.GroupSize(work), SharedMemoryConfig.RequestDynamic<float>(floats));
}
