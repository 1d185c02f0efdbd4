using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>Fills the weights layer: the codes of every bank and the vector ROM.</summary>
/// <param name="source">Weights.</param>
/// <param name="formats">Code format of each matrix.</param>
/// <param name="vectors">Vectors of the vector ROM.</param>
/// <param name="power">Mean squared activation of each input by port, which fabric formats are then fitted to; null weighs all inputs
/// alike.</param>
public sealed class FillWeightsLayer(
    IWeightSource source,
    IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats,
    IReadOnlyList<VectorEntry> vectors,
    IReadOnlyDictionary<string, float[]>? power
)
{
    /// <summary>Vectors that the chip needs: those of the graph, then the column scales of ports in fabric formats.</summary>
    public static IReadOnlyList<VectorEntry> Vectors(ModelGraph graph, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats) =>
        [
            .. MatrixList.Vectors(graph),
            .. formats
                .Where(f => f.Format.GgmlType < 0)
                .Select(f => new VectorEntry { Name = VectorEntry.ColumnScalesOf(f.Matrix.PortName), Count = f.Matrix.Outputs }),
        ];

    /// <summary>Writes the layer.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="placement">Sites of every port.</param>
    /// <param name="layout">Places in the file.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>Bits that are one: vias.</returns>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public long Write(Stream stream, PlacedModel placement, WeightsLayer layout, IProgress<double> progress, CancellationToken cancel)
    {
        stream.Write(layout.Header());
        long vias = 0;
        var scales = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var portsDone = 0;
        foreach (var port in placement.Plan.Matrices)
        {
            var (matrix, format) = formats[port.Id];
            var fill = new PortFill(
                source.Rows(matrix),
                matrix,
                format,
                port,
                power?.GetValueOrDefault(port.Name),
                format.GgmlType < 0 ? scales[VectorEntry.ColumnScalesOf(port.Name)] = new float[port.Outputs] : null
            );
            var sites = placement.SitesOfPort[port.Id];
            for (var output = 0; output < port.OutputSegments; output++)
            {
                cancel.ThrowIfCancellationRequested();
                var banks = fill.OutputSegment(output);
                for (var input = 0; input < banks.Length; input++)
                {
                    stream.Position = layout.SiteOffsets[sites[(output * port.InputSegments) + input]];
                    stream.Write(banks[input]);
                    vias += LayerBits.Ones(banks[input]);
                }
            }

            progress.Report((double)++portsDone / placement.Plan.Matrices.Count);
        }

        stream.Position = layout.VectorOffset;
        foreach (var vector in vectors)
        {
            var values = scales.TryGetValue(vector.Name, out var s) ? s : source.Vector(vector.Name, vector.Count);
            var bytes = MemoryMarshal.AsBytes<float>(values);
            stream.Write(bytes);
            vias += LayerBits.Ones(bytes);
        }

        stream.SetLength(layout.FileBytes);
        return vias;
    }
}
