using Microsoft.Win32.SafeHandles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export;

/// <summary>The two customised layers of a chip image, read bank by bank; only the straps are held in memory.</summary>
public sealed class MaskImage : IDisposable
{
    private readonly SafeFileHandle _weights;
    private readonly WeightsLayer _layout;
    private readonly Dictionary<string, MatrixPlan> _ports;
    private readonly Dictionary<(int Port, int Input, int Output), int> _sites = [];

    /// <summary>Opens the layers of a chip.</summary>
    /// <param name="fabric">Fabric of the chip.</param>
    /// <param name="ports">Matrices, in the order of their ids.</param>
    /// <param name="vectors">Vectors of the vector ROM, in its order.</param>
    /// <param name="straps">Straps of every site.</param>
    /// <param name="weightsPath">File of the weights layer.</param>
    /// <exception cref="InputException">The file does not match the straps.</exception>
    public MaskImage(
        FabricSpec fabric,
        IReadOnlyList<MatrixPlan> ports,
        IReadOnlyList<VectorEntry> vectors,
        IReadOnlyList<SiteStraps> straps,
        string weightsPath
    )
    {
        if (straps.Count != fabric.Sites.PerDie * fabric.Dies)
            throw new InputException(
                $"{weightsPath}: straps for {straps.Count} sites, but the fabric has {fabric.Sites.PerDie * fabric.Dies}"
            );
        Fabric = fabric;
        Ports = ports;
        Vectors = vectors;
        Straps = straps;
        _layout = WeightsLayer.For(ports, straps, vectors.Sum(v => (long)v.Count));
        _ports = ports.ToDictionary(p => p.Name, StringComparer.Ordinal);
        for (var site = 0; site < straps.Count; site++)
            if (
                straps[site].Matrix >= 0
                && !_sites.TryAdd((straps[site].Matrix, straps[site].InputSegment, straps[site].OutputSegment), site)
            )
                throw new InputException(
                    $"{weightsPath}: port {ports[straps[site].Matrix].Name}: two sites hold the same segment; the straps are shorted"
                );
        try
        {
            _weights = File.OpenHandle(weightsPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{weightsPath}: cannot be read: {e.Message}", e);
        }

        var header = new byte[WeightsLayer.HeaderBytes];
        var read = RandomAccess.Read(_weights, header, 0);
        _layout.Check(header.AsSpan(0, read), RandomAccess.GetLength(_weights), weightsPath);
    }

    /// <summary>The fabric that the image was compiled for.</summary>
    public FabricSpec Fabric { get; }

    /// <summary>Matrices.</summary>
    public IReadOnlyList<MatrixPlan> Ports { get; }

    /// <summary>Vectors of the vector ROM.</summary>
    public IReadOnlyList<VectorEntry> Vectors { get; }

    /// <summary>Straps of every site.</summary>
    public IReadOnlyList<SiteStraps> Straps { get; }

    /// <summary>Bytes of the vector ROM.</summary>
    public long VectorBytes => 4 * _layout.VectorValues;

    /// <summary>Opens a chip image after checking its digests.</summary>
    /// <exception cref="InputException">The image is incomplete, altered or inconsistent.</exception>
    public static MaskImage Open(string folder, CancellationToken cancel = default)
    {
        var description = ChipDirectory.ReadDescription(folder);
        var dataflow = ChipDirectory.Verify(folder, description.Files.Dataflow, cancel);
        var weights = ChipDirectory.Verify(folder, description.Files.Weights, cancel);
        return new MaskImage(
            description.Fabric,
            description.Matrices,
            description.Vectors,
            DataflowLayer.Read(dataflow, description.Plan().Sites),
            weights
        );
    }

    /// <summary>The port of that name.</summary>
    /// <exception cref="InputException">No such port; the message lists some.</exception>
    public MatrixPlan Port(string tensor) =>
        _ports.TryGetValue(tensor, out var port)
            ? port
            : throw new InputException(
                $"no port '{tensor}' on this chip; it has "
                    + $"{string.Join(", ", Ports.Take(4).Select(p => p.Name))}{(Ports.Count > 4 ? $" and {Ports.Count - 4} more" : "")}"
            );

    /// <summary>Site that holds a segment of a port.</summary>
    /// <exception cref="InputException">No site is strapped to it.</exception>
    public int Site(MatrixPlan port, int inputSegment, int outputSegment) =>
        _sites.TryGetValue((port.Id, inputSegment, outputSegment), out var site)
            ? site
            : throw new InputException($"port {port.Name}: segment ({inputSegment}, {outputSegment}) has no site; the straps are open");

    /// <summary>Bytes of a site's bank on the weights layer; 0 for an empty site.</summary>
    public int BankBytes(int site)
    {
        var strap = Straps[site];
        if (strap.Matrix < 0)
            return 0;
        var port = Ports[strap.Matrix];
        return checked(
            (int)
                PanelLayout.BankBytes(
                    CodeFormats.Named(port.Format),
                    WeightsLayer.Rows(port, strap.InputSegment),
                    WeightsLayer.Columns(port, strap.OutputSegment)
                )
        );
    }

    /// <summary>A site's bank as stored on the weights layer; empty for an empty site.</summary>
    public byte[] Bank(int site)
    {
        var bank = new byte[BankBytes(site)];
        if (bank.Length > 0)
            ReadFully(bank, _layout.SiteOffsets[site]);
        return bank;
    }

    /// <summary>Reads a part of the vector ROM.</summary>
    /// <param name="offset">First byte of it, 0…<see cref="VectorBytes"/>.</param>
    /// <param name="bytes">Filled whole.</param>
    public void ReadVectors(long offset, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes.Length, VectorBytes);
        ReadFully(bytes, _layout.VectorOffset + offset);
    }

    /// <summary>The strap bits of a site in their order on the dataflow layer.</summary>
    public byte[] StrapBits(int site) => DataflowLayer.Encode([Straps[site]])[DataflowLayer.HeaderBytes..];

    /// <summary>Closes the weights layer.</summary>
    public void Dispose() => _weights.Dispose();

    private void ReadFully(Span<byte> bytes, long offset)
    {
        for (int n; bytes.Length > 0; bytes = bytes[n..], offset += n)
        {
            n = RandomAccess.Read(_weights, bytes, offset);
            if (n == 0)
                throw new InputException("weights layer: ends before its last bank; compile the image again");
        }
    }
}
