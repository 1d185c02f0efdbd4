using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// A chip image opened for execution: the weights layer is memory-mapped, and every matrix is found by following the straps of the dataflow
/// layer. Nothing else says where a matrix is.
/// </summary>
public sealed unsafe class WiredChip : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly LostPages _guard;
    private readonly byte* _start;
    private readonly WeightsLayer _layout;
    private readonly SiteStraps[] _straps;
    private readonly Dictionary<string, BankedMatrix> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, int Count)> _vectors = new(StringComparer.Ordinal);

    private readonly WeightsCheck _check;
    private readonly AdapterStore? _adapters;

    private WiredChip(
        string folder,
        ChipDescription description,
        ModelGraph graph,
        SiteStraps[] straps,
        WeightsLayer layout,
        string weightsPath,
        WeightsCheck check,
        AdapterStore? adapters
    )
    {
        _check = check;
        _adapters = adapters;
        Folder = folder;
        Description = description;
        Graph = graph;
        _straps = straps;
        _layout = layout;
        _file = File.OpenHandle(weightsPath);
        _map = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _guard = LostPages.Of(weightsPath);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
        var at = layout.VectorOffset;
        foreach (var vector in description.Vectors)
        {
            _vectors.Add(vector.Name, (at, vector.Count));
            at += 4L * vector.Count;
        }

        WirePorts();
    }

    /// <summary>Folder of the image.</summary>
    public string Folder { get; }

    /// <summary>The image's chip.yaml.</summary>
    public ChipDescription Description { get; }

    /// <summary>Operators, rebuilt from the sizes and traits of the description.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Straps of every site.</summary>
    public IReadOnlyList<SiteStraps> Straps => _straps;

    /// <summary>Opens an image after checking every digest.</summary>
    /// <exception cref="InputException">The image is incomplete, altered or inconsistent.</exception>
    public static WiredChip Open(string folder, CancellationToken cancel = default)
    {
        var chip = OpenAtOnce(folder, cancel);
        try
        {
            chip.AwaitCheck(cancel);
            return chip;
        }
        catch
        {
            chip.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens an image without waiting for the digest of the weights layer, which is checked behind while the chip already runs. What was
    /// computed counts only after <see cref="AwaitCheck"/>. The other files are checked first.
    /// </summary>
    /// <exception cref="InputException">The image is incomplete or inconsistent, or a small file was altered.</exception>
    public static WiredChip OpenAtOnce(string folder, CancellationToken cancel = default)
    {
        var description = ChipDirectory.ReadDescription(folder);
        if (description.Model.Architecture == TimesFmShape.Architecture)
            throw new InputException($"{folder}: holds a forecasting model, which reads no text; run it with './taalas forecast'");
        var graph = BuildModelGraph.Of(description);
        CheckComplete(folder, description, graph);
        return OpenAtOnce(folder, description, graph, cancel);
    }

    /// <summary>Opens an image of a forecasting model after checking every digest; its graph is empty.</summary>
    /// <exception cref="InputException">The image holds another model, or is incomplete, altered or inconsistent.</exception>
    public static WiredChip OpenForecaster(string folder, CancellationToken cancel = default)
    {
        var description = ChipDirectory.ReadDescription(folder);
        TimesFmShape.SizesOf(description, folder);
        var chip = OpenAtOnce(folder, description, ModelGraph.Empty(description.Model, description.Traits), cancel);
        try
        {
            chip.AwaitCheck(cancel);
            return chip;
        }
        catch
        {
            chip.Dispose();
            throw;
        }
    }

    private static WiredChip OpenAtOnce(string folder, ChipDescription description, ModelGraph graph, CancellationToken cancel)
    {
        var dataflow = ChipDirectory.Verify(folder, description.Files.Dataflow, cancel);
        ChipDirectory.Verify(folder, description.Files.Tokenizer, cancel);
        var weights = ChipDirectory.Find(folder, description.Files.Weights);
        var check = new WeightsCheck(weights, description.Files.Weights);
        try
        {
            var straps = DataflowLayer.Read(dataflow, description.Plan().Sites);
            var layout = WeightsLayer.For(description.Matrices, straps, description.Vectors.Sum(v => (long)v.Count));
            Span<byte> header = stackalloc byte[WeightsLayer.HeaderBytes];
            using (var stream = File.OpenRead(weights))
                header = header[..stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false)];
            layout.Check(header, description.Files.Weights.Bytes, weights);
            return new WiredChip(
                folder,
                description,
                graph,
                straps,
                layout,
                weights,
                check,
                AdapterStore.Open(folder, description, cancel)
            );
        }
        catch (Exception e)
        {
            // Damage of the weights layer is named as such, whatever it led to.
            if (e is InputException)
                check.Wait(cancel);
            check.Dispose();
            throw;
        }
    }

    /// <summary>Most tokens that one user can hold on the chip.</summary>
    public int LargestContext => CheckFit.LongestContext(Description.Model, Description.Fabric, users: 1, Description.Plan().AdapterBytes);

    /// <summary>Waits until the digest of the weights layer has been checked.</summary>
    /// <exception cref="InputException">The weights layer was altered; discard what was computed from it.</exception>
    public void AwaitCheck(CancellationToken cancel = default) => _check.Wait(cancel);

    /// <summary>The matrix of that port.</summary>
    public BankedMatrix Matrix(string port) => _matrices[port];

    /// <summary>Adapters in SRAM that act on a port, in the order in which they are added.</summary>
    public IReadOnlyList<WiredAdapter> Adapters(MatrixPlan port) => _adapters?.OfPort(port.Id) ?? [];

    /// <summary>A vector of the vector ROM.</summary>
    public ReadOnlySpan<float> Vector(string name)
    {
        var (offset, count) = _vectors[name];
        return new ReadOnlySpan<float>(_start + offset, count);
    }

    /// <summary>Bytes of a site's bank on the weights layer; empty for an empty site.</summary>
    public ReadOnlySpan<byte> Bank(int site)
    {
        var strap = _straps[site];
        if (strap.Matrix < 0)
            return [];
        var port = Description.Matrices[strap.Matrix];
        var bytes = PanelLayout.BankBytes(
            CodeFormats.Named(port.Format),
            WeightsLayer.Rows(port, strap.InputSegment),
            WeightsLayer.Columns(port, strap.OutputSegment)
        );
        return new ReadOnlySpan<byte>(_start + _layout.SiteOffsets[site], checked((int)bytes));
    }

    /// <summary>Unmaps the weights layer.</summary>
    public void Dispose()
    {
        _check.Dispose();
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _guard.Dispose();
        _file.Dispose();
        _adapters?.Dispose();
    }

    private void WirePorts()
    {
        var sitesOfPort = new List<int>[Description.Matrices.Count];
        var children = new Dictionary<int, List<int>>();
        for (var site = 0; site < _straps.Length; site++)
        {
            var strap = _straps[site];
            if (strap.Matrix < 0)
                continue;
            (sitesOfPort[strap.Matrix] ??= []).Add(site);
            if (strap.Partner < 0)
                continue;
            if (!children.TryGetValue(strap.Partner, out var list))
                children.Add(strap.Partner, list = []);
            list.Add(site);
        }

        foreach (var port in Description.Matrices)
            _matrices.Add(port.Name, Wire(port, sitesOfPort[port.Id] ?? [], children));
    }

    private BankedMatrix Wire(MatrixPlan port, List<int> sites, Dictionary<int, List<int>> children)
    {
        if (sites.Count != port.Banks)
            throw Open(port, $"{sites.Count} sites are strapped to it, {port.Banks} are needed");
        var format = CodeFormats.Named(port.Format);
        var segments = port.InputSegments;
        var panels = new PanelSegment[PanelLayout.Panels(port.Outputs) * segments];
        var done = new bool[port.OutputSegments];
        var order = new List<int>(segments);
        foreach (var root in sites.Where(s => _straps[s].Partner < 0))
        {
            var output = _straps[root].OutputSegment;
            if (done[output])
                throw Open(port, $"output segment {output} is driven twice (site {root})");
            done[output] = true;
            order.Clear();
            Visit(root, output, port, children, order);
            if (order.Count != segments)
                throw Open(port, $"output segment {output} reduces {order.Count} banks, {segments} are needed");
            FillPanels(port, format, output, order, panels);
        }

        if (done.Contains(false))
            throw Open(port, $"output segment {Array.IndexOf(done, false)} is not driven");
        return new BankedMatrix
        {
            Format = format,
            Inputs = port.Inputs,
            Outputs = port.Outputs,
            Segments = segments,
            Panels = panels,
            Rows = port.Role.IsRead() ? new MappedWeights(_file, (nint)_start) : null,
            ColumnScales = _vectors.TryGetValue(VectorEntry.ColumnScalesOf(port.Name), out var scales) ? (nint)(_start + scales.Offset) : 0,
        };
    }

    // Sums arrive in the order of the tree's levels; visiting so gives the order in which they are added.
    private void Visit(int site, int output, MatrixPlan port, Dictionary<int, List<int>> children, List<int> order)
    {
        if (_straps[site].Matrix != port.Id || _straps[site].OutputSegment != output)
            throw Open(port, $"site {site} sends its sums to another output");
        order.Add(site);
        if (order.Count > port.InputSegments)
            throw Open(port, $"output segment {output} reduces more than {port.InputSegments} banks");
        if (children.TryGetValue(site, out var list))
            foreach (var child in list.OrderBy(c => _straps[c].Level).ThenBy(c => c))
                Visit(child, output, port, children, order);
    }

    private void FillPanels(MatrixPlan port, CodeFormat format, int output, List<int> order, PanelSegment[] panels)
    {
        var first = output * port.BankColumns / PanelLayout.Columns;
        var count = PanelLayout.Panels(WeightsLayer.Columns(port, output));
        for (var p = 0; p < count; p++)
        {
            for (var i = 0; i < order.Count; i++)
            {
                var segment = _straps[order[i]].InputSegment;
                var rows = WeightsLayer.Rows(port, segment);
                var address = (nint)(_start + _layout.SiteOffsets[order[i]] + (p * PanelLayout.PanelBytes(format, rows)));
                panels[((first + p) * order.Count) + i] = new PanelSegment(address, segment * port.BankRows, rows);
            }
        }
    }

    private InputException Open(MatrixPlan port, string what) =>
        new($"{Path.Combine(Folder, ChipDirectory.DataflowName)}: port {port.Name}: {what}; the straps are open or shorted");

    // Every matrix and vector that the model's operators use must be on the chip with the right size.
    private static void CheckComplete(string folder, ChipDescription description, ModelGraph graph)
    {
        var ports = description.Matrices.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var matrix in MatrixList.Matrices(graph))
            if (!ports.TryGetValue(matrix.PortName, out var port) || port.Inputs != matrix.Inputs || port.Outputs != matrix.Outputs)
                throw new InputException(
                    $"{Path.Combine(folder, ChipDirectory.DescriptionName)}: port {matrix.PortName} ({matrix.Inputs}×{matrix.Outputs}) "
                        + "is missing; compile the image again"
                );
        var vectors = description.Vectors.ToDictionary(v => v.Name, v => v.Count, StringComparer.Ordinal);
        foreach (var vector in MatrixList.Vectors(graph))
            if (vectors.GetValueOrDefault(vector.Name) != vector.Count)
                throw new InputException(
                    $"{Path.Combine(folder, ChipDirectory.DescriptionName)}: vector {vector.Name} ({vector.Count}) is missing; "
                        + "compile the image again"
                );
    }
}
