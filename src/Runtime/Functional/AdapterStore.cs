using System.IO.MemoryMappedFiles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>The adapters of a chip image, mapped: what the host loads into SRAM at start-up.</summary>
internal sealed unsafe class AdapterStore : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly LostPages _guard;
    private readonly Dictionary<int, List<WiredAdapter>> _ofPort = [];

    private AdapterStore(ChipDescription description, AdapterSram layout, string path)
    {
        _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _guard = LostPages.Of(path);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += _view.PointerOffset;
        for (var i = 0; i < description.Adapters.Count; i++)
        {
            var adapter = description.Adapters[i];
            var port = description.Matrices[adapter.Matrix];
            if (!_ofPort.TryGetValue(port.Id, out var list))
                _ofPort.Add(port.Id, list = []);
            list.Add(
                new WiredAdapter(
                    Matrix(start + layout.Offsets[2 * i], adapter.FormatA, port.Inputs, adapter.Rank),
                    Matrix(start + layout.Offsets[(2 * i) + 1], adapter.FormatB, adapter.Rank, port.Outputs),
                    adapter.Scale
                )
            );
        }
    }

    /// <summary>Opens the adapters of an image, or null when it has none.</summary>
    /// <exception cref="InputException">The file is missing, altered or does not hold what chip.yaml says.</exception>
    public static AdapterStore? Open(string folder, ChipDescription description, CancellationToken cancel)
    {
        Validate(folder, description);
        if (description.Files.Adapters is not { } file)
            return null;
        var path = ChipDirectory.Verify(folder, file, cancel);
        var layout = AdapterSram.For(description.Adapters, description.Matrices);
        Span<byte> header = stackalloc byte[AdapterSram.HeaderBytes];
        using (var stream = File.OpenRead(path))
            header = header[..stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false)];
        layout.Check(header, file.Bytes, path);
        return new AdapterStore(description, layout, path);
    }

    /// <summary>Adapters of a port, in the order in which they are added.</summary>
    public IReadOnlyList<WiredAdapter> OfPort(int port) => _ofPort.TryGetValue(port, out var list) ? list : [];

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _guard.Dispose();
    }

    private static void Validate(string folder, ChipDescription d)
    {
        void Need(bool ok, string what)
        {
            if (!ok)
                throw new InputException($"{Path.Combine(folder, ChipDirectory.DescriptionName)}: {what}; compile the image again");
        }

        Need(d.Files.Adapters is null == (d.Adapters.Count == 0), "adapters and their file do not agree");
        foreach (var a in d.Adapters)
        {
            Need(
                a.Matrix >= 0 && a.Matrix < d.Matrices.Count && a.Rank is > 0 and <= 1 << 16 && float.IsFinite(a.Scale),
                "an adapter's port, rank or scale is out of range"
            );
            var port = d.Matrices[a.Matrix];
            Need(
                port.Inputs % CodeFormats.Named(a.FormatA).BlockWeights == 0 && a.Rank % CodeFormats.Named(a.FormatB).BlockWeights == 0,
                $"an adapter of {port.Name} does not fill the blocks of its format"
            );
            Need(
                CodeFormats.Named(a.FormatA).GgmlType >= 0 && CodeFormats.Named(a.FormatB).GgmlType >= 0,
                $"an adapter of {port.Name} is in a format of the banks"
            );
            Need(
                a.BytesA == AdapterSram.Bytes(CodeFormats.Named(a.FormatA), port.Inputs, a.Rank)
                    && a.BytesB == AdapterSram.Bytes(CodeFormats.Named(a.FormatB), a.Rank, port.Outputs),
                $"an adapter of {port.Name} has another size"
            );
        }
    }

    private static BankedMatrix Matrix(byte* start, string formatName, int inputs, int outputs)
    {
        var format = CodeFormats.Named(formatName);
        var panelBytes = PanelLayout.PanelBytes(format, inputs);
        return new BankedMatrix
        {
            Format = format,
            Inputs = inputs,
            Outputs = outputs,
            Segments = 1,
            Panels =
            [
                .. Enumerable
                    .Range(0, PanelLayout.Panels(outputs))
                    .Select(p => new PanelSegment((nint)(start + (p * panelBytes)), 0, inputs)),
            ],
        };
    }
}
