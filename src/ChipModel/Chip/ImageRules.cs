using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.ChipModel.Chip;

/// <summary>What chip.yaml must say for the image to be read: everything that is later used as a divisor, an index or a length. Every
/// command that opens an image comes through here (<see cref="ChipDirectory.ReadDescription"/>).</summary>
internal static class ImageRules
{
    /// <summary>What is wrong with a description whose numbers are all in their ranges; null for a sound one.</summary>
    public static string? Fault(ChipDescription chip)
    {
        if (chip.Matrices.Count == 0)
            return "the image has no ports";
        return PortFault(chip) ?? VectorFault(chip) ?? AdapterFault(chip) ?? TraitFault(chip) ?? FileFault(chip);
    }

    private static string? PortFault(ChipDescription chip)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var sites = (long)chip.Fabric.Sites.PerDie * chip.Fabric.Dies;
        long banks = 0;
        for (var i = 0; i < chip.Matrices.Count; i++)
        {
            var port = chip.Matrices[i];
            var format = CodeFormats.Find(port.Format);
            if (format is null)
                return $"port {i}: unknown code format '{port.Format}'";
            if (!names.Add(port.Name))
                return $"two ports have the name '{port.Name}'";
            if (port.Id != i)
                return $"port {i} has the id {port.Id}";
            if (port.Layer >= chip.Model.Layers)
                return $"port {i}: layer {port.Layer} of a model of {chip.Model.Layers}";
            if (port.BankRows % format.BlockWeights != 0 || port.BankColumns % BankSpec.PanelColumns != 0)
                return $"port {i}: banks of {port.BankRows} × {port.BankColumns} do not hold whole blocks of {port.Format}";
            long segments = (port.Inputs + (long)port.BankRows - 1) / port.BankRows,
                outputs = (port.Outputs + (long)port.BankColumns - 1) / port.BankColumns;
            if (segments * outputs != port.Banks || segments > ushort.MaxValue || outputs > ushort.MaxValue)
                return $"port {i} needs {segments * outputs} banks, not {port.Banks}";
            long columns = Math.Min(port.Outputs, port.BankColumns) + BankSpec.PanelColumns - 1L;
            columns -= columns % BankSpec.PanelColumns;
            if (Blocks(format, Math.Min(port.Inputs, port.BankRows)) * columns * format.BlockBytes > int.MaxValue)
                return $"port {i}: a bank of more than 2 GiB";
            if (port.FirstSite >= sites)
                return $"port {i}: first site {port.FirstSite}, but the fabric has {sites} sites";
            banks += port.Banks;
        }

        return banks > sites ? $"the ports need {banks} banks, but the fabric has {sites} sites" : null;
    }

    private static long Blocks(CodeFormat format, int rows) => (rows + (long)format.BlockWeights - 1) / format.BlockWeights;

    private static string? VectorFault(ChipDescription chip)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        long floats = 0;
        foreach (var vector in chip.Vectors)
        {
            if (!counts.TryAdd(vector.Name, vector.Count))
                return $"two vectors have the name '{vector.Name}'";
            floats += vector.Count;
        }

        // Formats of the fabric have a scale for each column beside the masks.
        foreach (var port in chip.Matrices.Where(p => CodeFormats.Find(p.Format)!.GgmlType < 0))
            if (counts.GetValueOrDefault(VectorEntry.ColumnScalesOf(port.Name), -1) != port.Outputs)
                return $"port {port.Id} in {port.Format} has no vector '{VectorEntry.ColumnScalesOf(port.Name)}' of {port.Outputs} floats";
        return 4 * floats > chip.Files.Weights.Bytes
            ? $"the vectors hold {floats} floats, but the weights layer has {chip.Files.Weights.Bytes} bytes"
            : null;
    }

    private static string? AdapterFault(ChipDescription chip)
    {
        for (var i = 0; i < chip.Adapters.Count; i++)
        {
            var adapter = chip.Adapters[i];
            if (adapter.Matrix >= chip.Matrices.Count)
                return $"adapter {i} acts on port {adapter.Matrix}, but there are {chip.Matrices.Count}";
            if (CodeFormats.Find(adapter.FormatA) is not { } a || CodeFormats.Find(adapter.FormatB) is not { } b)
                return $"adapter {i}: unknown code format '{adapter.FormatA}' or '{adapter.FormatB}'";
            var port = chip.Matrices[adapter.Matrix];
            var (bytesA, bytesB) = (
                Blocks(a, port.Inputs) * adapter.Rank * a.BlockBytes,
                Blocks(b, adapter.Rank) * port.Outputs * b.BlockBytes
            );
            if (adapter.BytesA != bytesA || adapter.BytesB != bytesB)
                return $"adapter {i}: {adapter.BytesA} + {adapter.BytesB} bytes where rank {adapter.Rank} takes {bytesA} + {bytesB}";
        }

        return chip.Adapters.Count > 0 && chip.Files.Adapters is null ? "there are adapters, but no file of their SRAM" : null;
    }

    private static string? TraitFault(ChipDescription chip)
    {
        var (traits, model) = (chip.Traits, chip.Model);
        var (size, valueSize) = (
            Math.Max(model.HeadSize, model.WindowedHeadSize),
            Math.Max(model.EffectiveValueHeadSize, model.WindowedHeadSize)
        );
        if ((long)model.Heads * size > 1 << 24 || Math.Max(model.KvHeads, model.WindowedKvHeads) * (long)valueSize > 1 << 24)
            return "head counts and sizes are out of range";
        if ((long)model.Layers * model.LayerEmbeddingLength > 1 << 24 || (long)model.ResidualStreams * model.EmbeddingLength > 1 << 24)
            return "the vectors of layers or the copies of the residual stream are out of range";
        if (model.ConvolutionLength > 0 && model.ConvolutionLength * model.ConvolutionWidth > 1 << 24)
            return $"convolution_length {model.ConvolutionLength} is out of range for a width of {model.ConvolutionWidth}";
        if (model.KvLatentRank > 0 && (model.RopeHeadSize < 1 || model.RopeHeadSize >= model.HeadSize))
            return $"rope_head_size {model.RopeHeadSize} must be from 1 and below head_size ({model.HeadSize})";
        if (traits.WindowedLayers.Count > model.Layers)
            return $"windowed_layers lists {traits.WindowedLayers.Count} of {model.Layers} layers";
        if (traits.RotaryLength > model.HeadSize || traits.RotaryLength % 2 != 0)
            return $"rotary_length {traits.RotaryLength} must be even and at most head_size ({model.HeadSize})";
        var windowedHead = model.WindowedHeadSize > 0 ? model.WindowedHeadSize : model.HeadSize;
        if (traits.RotaryLengthOf(windowed: true) > windowedHead || traits.WindowedRotaryLength % 2 != 0)
            return $"windowed_rotary_length {traits.WindowedRotaryLength} must be even and at most the head size {windowedHead}";
        // Both say which layers are windowed, and sizes of keys follow from it.
        if (
            (model.WindowedHeadSize > 0 || model.WindowedKvHeads > 0 || model.SharedKvLayers > 0)
            && Enumerable.Range(0, model.Layers).Any(layer => model.IsWindowed(layer) != traits.IsWindowed(layer))
        )
            return "sliding_window_period and global_layers of the model do not fit the windowed_layers of its traits";
        // Groups of experts are cut in equal parts and each gives the sum of two.
        if (traits.ExpertGroups > 1)
            return
                model.Experts % traits.ExpertGroups != 0
                || model.Experts / traits.ExpertGroups < 2
                || (long)traits.ExpertGroupsUsed * (model.Experts / traits.ExpertGroups) < model.ExpertsUsed
                || traits.ExpertGroupsUsed > traits.ExpertGroups
                ? $"expert_groups {traits.ExpertGroups} and expert_groups_used {traits.ExpertGroupsUsed} do not fit {model.Experts} "
                    + $"experts of which {model.ExpertsUsed} are used"
                : null;
        return null;
    }

    private static string? FileFault(ChipDescription chip)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { ChipDirectory.DescriptionName, ChipDirectory.DigestName };
        foreach (var file in new[] { chip.Files.Weights, chip.Files.Dataflow, chip.Files.Tokenizer, chip.Files.Adapters })
            if (file is not null && !names.Add(file.Name))
                return $"two files have the name '{file.Name}'";
        return null;
    }
}
