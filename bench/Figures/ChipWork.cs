using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Bench.Figures;

/// <summary>What the passes of a chip read and compute, counted from its ports.</summary>
internal sealed class ChipWork
{
    private readonly string _folder;
    private readonly ChipDescription _chip;

    public ChipWork(string folder)
    {
        _folder = folder;
        _chip = ChipDirectory.ReadDescription(folder);
        foreach (var port in _chip.Matrices.Where(p => p.Role != MatrixRole.Embedding))
        {
            var weights = (long)port.Inputs * port.Outputs;
            TouchedBytes +=
                (long)port.Outputs
                * PanelLayout.Blocks(CodeFormats.Named(port.Format), port.Inputs)
                * CodeFormats.Named(port.Format).BlockBytes;
            DecodeProducts += weights;
            if (port.Role == MatrixRole.Output)
                OutputProducts = weights;
        }
    }

    /// <summary>Bytes of weights that one token reads; of the embedding it reads one row.</summary>
    public long TouchedBytes { get; }

    /// <summary>Multiply-adds with weights of one decoded token.</summary>
    public long DecodeProducts { get; }

    /// <summary>Of these, the multiply-adds of the output matrix, which a prompt needs once.</summary>
    public long OutputProducts { get; }

    /// <summary>Keys and values of that many tokens in binary16, as the reference numerics keep them.</summary>
    public long KvBytes(int tokens) =>
        2L * tokens * _chip.Model.Layers * _chip.Model.KvHeads * (_chip.Model.HeadSize + _chip.Model.EffectiveValueHeadSize);

    /// <summary>Multiply-adds with weights of a prompt, per token.</summary>
    public double PromptProducts(int tokens) => DecodeProducts - OutputProducts + ((double)OutputProducts / tokens);

    /// <summary>The weights layer, and the parts of it that a token reads.</summary>
    public (string Path, IReadOnlyList<(long From, long Bytes)> Parts) Touched()
    {
        var dataflow = Path.Combine(_folder, _chip.Files.Dataflow.Name);
        var straps = DataflowLayer.Decode(File.ReadAllBytes(dataflow), dataflow);
        var layout = WeightsLayer.For(_chip.Matrices, straps, _chip.Vectors.Sum(v => (long)v.Count));
        var parts = new List<(long From, long Bytes)>();
        for (var site = 0; site < straps.Length; site++)
        {
            var strap = straps[site];
            if (strap.Matrix < 0 || _chip.Matrices[strap.Matrix].Role == MatrixRole.Embedding)
                continue;
            var port = _chip.Matrices[strap.Matrix];
            var from = layout.SiteOffsets[site];
            var bytes = PanelLayout.BankBytes(
                CodeFormats.Named(port.Format),
                WeightsLayer.Rows(port, strap.InputSegment),
                WeightsLayer.Columns(port, strap.OutputSegment)
            );
            // Banks are aligned; what lies between two of them is read with them.
            if (parts.Count > 0 && from - (parts[^1].From + parts[^1].Bytes) is >= 0 and < 4096)
                parts[^1] = (parts[^1].From, from + bytes - parts[^1].From);
            else
                parts.Add((from, bytes));
        }

        return (Path.Combine(_folder, _chip.Files.Weights.Name), parts);
    }
}
