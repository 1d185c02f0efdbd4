using System.Diagnostics.CodeAnalysis;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Chip;

/// <summary>Chip plans from a model's sizes alone, cut as the compiler cuts; places are the centre-to-corner distance of a square region
/// per layer.</summary>
internal static class ShapePlan
{
    public static FabricSpec Fabric(string name, params (string Key, string Value)[] overrides) =>
        FabricFile.Read(Shared.InRepo($"chips/fabrics/{name}.yaml"), Last(overrides));

    public static TechnologySpec Technology(string name, params (string Key, string Value)[] overrides) =>
        TechnologyFile.Read(Shared.InRepo($"chips/technology/{name}.yaml"), Last(overrides));

    private static Dictionary<string, string> Last((string Key, string Value)[] overrides)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in overrides)
            last[key] = value;
        return last;
    }

    public static ModelShape Llama8B => YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/llama-3.1-8b.yaml"));

    public static ChipPlan Hc1Llama() => Of(Llama8B, Fabric("hc1"));

    /// <summary>Ports of a Llama-shaped (or mixture) model in one code format.</summary>
    [SuppressMessage("Design", "MA0051", Justification = "One list of matrices in the order of the sites.")]
    public static ChipPlan Of(ModelShape model, FabricSpec fabric, string? format = null)
    {
        var code = CodeFormats.Named(format ?? fabric.DefaultWeights);
        var rows = Math.Max(code.BlockWeights, fabric.Bank.Rows / code.BlockWeights * code.BlockWeights);
        var columns = Math.Min(
            fabric.Bank.Columns,
            (int)(fabric.Bank.Columns * fabric.Bank.RomBitsPerWeight / code.BitsPerWeight) / 16 * 16
        );
        var ports = new List<MatrixPlan>();
        var site = 0;
        Add(MatrixRole.Embedding, -1, "token_embd", model.EmbeddingLength, model.VocabularySize);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            int e = model.EmbeddingLength,
                kv = model.KvHeads * model.HeadSize,
                f = model.FeedForwardLength;
            Add(MatrixRole.Query, layer, "q", e, model.Heads * model.HeadSize);
            Add(MatrixRole.Key, layer, "k", e, kv);
            Add(MatrixRole.Value, layer, "v", e, kv);
            Add(MatrixRole.AttentionOutput, layer, "o", model.Heads * model.HeadSize, e);
            if (model.Experts == 0 || layer < model.LeadingDenseLayers)
            {
                Add(MatrixRole.Gate, layer, "gate", e, f);
                Add(MatrixRole.Up, layer, "up", e, f);
                Add(MatrixRole.Down, layer, "down", f, e);
                continue;
            }

            Add(MatrixRole.Router, layer, "router", e, model.Experts);
            for (var x = 0; x < model.Experts; x++)
            {
                Add(MatrixRole.ExpertGate, layer, $"gate#{x}", e, model.ExpertFeedForwardLength);
                Add(MatrixRole.ExpertUp, layer, $"up#{x}", e, model.ExpertFeedForwardLength);
                Add(MatrixRole.ExpertDown, layer, $"down#{x}", model.ExpertFeedForwardLength, e);
            }
        }

        if (!model.TiedEmbeddings)
            Add(MatrixRole.Output, -1, "output", model.EmbeddingLength, model.VocabularySize);
        return new ChipPlan
        {
            Model = model,
            Fabric = fabric,
            Matrices = ports,
            VectorRomValues = (model.Layers * 2L * model.EmbeddingLength) + model.EmbeddingLength,
        };

        void Add(MatrixRole role, int layer, string tensor, int inputs, int outputs)
        {
            var banks = ((inputs + rows - 1) / rows) * ((outputs + columns - 1) / columns);
            // A layer is a square of tiles with the vector lanes at its centre; the farthest bank is half a side away in x and in y.
            var perLayer = (double)fabric.Sites.PerDie * fabric.Dies / (model.Layers * fabric.Sites.TileColumns * fabric.Sites.TileRows);
            ports.Add(
                new MatrixPlan
                {
                    Id = ports.Count,
                    Name = layer < 0 ? tensor : $"blk.{layer}.{tensor}",
                    Role = role,
                    Layer = layer,
                    Inputs = inputs,
                    Outputs = outputs,
                    Format = code.Name,
                    BankRows = rows,
                    BankColumns = columns,
                    FirstSite = site,
                    Banks = banks,
                    Hops = (int)Math.Ceiling(Math.Sqrt(perLayer)),
                }
            );
            site += banks;
        }
    }
}
