using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>A matrix resident on a device: the bytes of the mask, panel after panel, segments in the order of the reduction.</summary>
internal sealed unsafe class IlgpuMatrix : IKernelMatrix
{
    private readonly MemoryBuffer1D<uint, Stride1D.Dense> codes;
    private readonly MemoryBuffer1D<uint, Stride1D.Dense> book;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> segments;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> inputBlocks;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> scales;

    public IlgpuMatrix(IlgpuDevice device, BankedMatrix source, ActivationKind activations, Product product)
    {
        Source = source;
        Activations = activations;
        Product = product;
        var format = source.Format;
        var panelWords = PanelLayout.PanelBytes(format, source.Inputs) / 4;
        codes = device.Allocate<uint>(panelWords * source.PanelCount);
        var parts = new int[2 * source.Panels.Length];
        var at = 0L;
        for (var i = 0; i < source.Panels.Length; i++)
        {
            var segment = source.Panels[i];
            parts[2 * i] = segment.InputStart / format.BlockWeights;
            parts[(2 * i) + 1] = PanelLayout.Blocks(format, segment.Rows);
            var words = PanelLayout.PanelBytes(format, segment.Rows) / 4;
            if (words > 0)
                codes.View.SubView(at, words).CopyFromCPU(device.Accelerator.DefaultStream, ref *(uint*)segment.Address, words);
            at += words;
        }

        if (at != codes.Length)
            throw new ArgumentException(
                $"the segments hold {at} words; {source.Inputs} × {source.Outputs} of {format.Name} have {codes.Length}",
                nameof(source)
            );
        segments = Upload(device, parts.AsSpan());
        var isOrdered = IsOrdered(parts, source.Segments);
        inputBlocks = Upload(device, isOrdered ? [0] : InputBlocks(parts));
        book = Upload(device, MemoryMarshal.Cast<sbyte, uint>(DeviceFamily.Registry.Find(format)!.Book));
        scales = Upload(device, source.ColumnScales == 0 ? [0f] : new ReadOnlySpan<float>((void*)source.ColumnScales, source.Outputs));
        View = new DeviceMatrix
        {
            Codes = codes.View,
            Book = book.View,
            Segments = segments.View,
            ColumnScales = scales.View,
            InputBlocks = inputBlocks.View,
            Panels = source.PanelCount,
            Blocks = PanelLayout.Blocks(format, source.Inputs),
            IsOrdered = isOrdered ? 1 : 0,
            Inputs = source.Inputs,
            Outputs = source.Outputs,
            SegmentCount = source.Segments,
            PanelWords = panelWords,
            CodeBits = format.CodeBits,
        };
    }

    public BankedMatrix Source { get; }

    public ActivationKind Activations { get; }

    public Product Product { get; }

    /// <summary>The matrix as kernels see it.</summary>
    public DeviceMatrix View { get; }

    public void Dispose()
    {
        codes.Dispose();
        book.Dispose();
        segments.Dispose();
        inputBlocks.Dispose();
        scales.Dispose();
    }

    /// <summary>Whether the segments of each panel follow each other along the inputs.</summary>
    private static bool IsOrdered(int[] parts, int segments)
    {
        var next = 0;
        for (var i = 0; i < parts.Length; i += 2)
        {
            if (parts[i] != (i % (2 * segments) == 0 ? 0 : next))
                return false;
            next = parts[i] + parts[i + 1];
        }

        return true;
    }

    private static ReadOnlySpan<int> InputBlocks(int[] parts)
    {
        var blocks = new List<int>();
        for (var i = 0; i < parts.Length; i += 2)
            blocks.AddRange(Enumerable.Range(parts[i], parts[i + 1]));
        return CollectionsMarshal.AsSpan(blocks);
    }

    private static MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(IlgpuDevice device, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var buffer = device.Allocate<T>(values.Length);
        ((ArrayView<T>)buffer.View)
            .SubView(0, values.Length)
            .CopyFromCPU(device.Accelerator.DefaultStream, ref Unsafe.AsRef(in MemoryMarshal.GetReference(values)), values.Length);
        return buffer;
    }
}
