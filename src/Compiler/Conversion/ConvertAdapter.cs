using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Makes a GGUF file of a LoRA adapter in the form of PEFT: adapter_config.json and adapter_model.safetensors.</summary>
public static class ConvertAdapter
{
    private const string ConfigName = "adapter_config.json";
    private const string WeightsName = "adapter_model.safetensors";
    private const string Wrapper = "base_model.model.";

    private static readonly (string Ending, bool IsA)[] Endings =
    [
        (".lora_A.weight", true),
        (".lora_B.weight", false),
        (".lora_embedding_A", true),
        (".lora_embedding_B", false),
    ];

    /// <summary>Whether a path is the folder of an adapter.</summary>
    public static bool IsFolder(string path) => Directory.Exists(path) && File.Exists(Path.Combine(path, ConfigName));

    /// <summary>Converts; values are stored as F32, so nothing is lost.</summary>
    /// <param name="folder">Folder of the adapter.</param>
    /// <param name="model">Model that it is for.</param>
    /// <param name="target">GGUF file to write.</param>
    /// <exception cref="InputException">A file is missing or malformed, or the adapter does more than add a product of low
    /// rank.</exception>
    public static void Write(string folder, GgufFile model, string target)
    {
        var config = JsonFile.ReadObject(Path.Combine(folder, ConfigName));
        var architecture = model.Metadata.GetString("general.architecture");
        var kind = ModelClass.All.FirstOrDefault(c => c.Architecture == architecture)
            ?? throw new InputException($"{folder}: adapters for models of {architecture} are not converted; give the adapter as GGUF");
        var weights = Path.Combine(folder, WeightsName);
        if (!File.Exists(weights))
            throw new InputException(
                $"{weights}: missing; an adapter needs it (adapter_model.bin is a pickle, which is not read: save it again as safetensors)"
            );
        using var source = SafetensorsModel.OpenFile(weights);
        var writer = new GgufWriter();
        writer.Add("general.architecture", architecture);
        writer.Add("general.type", "adapter");
        writer.Add("adapter.type", "lora");
        writer.Add("adapter.lora.alpha", Alpha(folder, config, source));
        var tensors = source
            .Tensors.Where(t => !t.Name.Contains(".base_layer.", StringComparison.Ordinal))
            .Select(t => Converted(t, kind, model))
            .ToList();
        if (tensors.DistinctBy(t => t.Name).Count() != tensors.Count)
            throw new InputException($"{weights}: two tensors mean the same matrix; save the adapter again");
        ConvertedTensorWriter.AddTo(writer, tensors, CodeFormats.Named("f32"), null, CancellationToken.None);
        writer.Save(target);
    }

    private static ConvertedTensor Converted(SafetensorsTensor tensor, ModelClass kind, GgufFile model)
    {
        var name = tensor.Name.StartsWith(Wrapper, StringComparison.Ordinal) ? tensor.Name[Wrapper.Length..] : tensor.Name;
        name = name.Replace("language_model.", "", StringComparison.Ordinal);
        var ending = Array.Find(Endings, e => name.EndsWith(e.Ending, StringComparison.Ordinal));
        if (ending.Ending is null || tensor.Shape.Count != 2 || !tensor.CanDecode)
            throw Misfit(tensor, "is no lora_A or lora_B matrix; an adapter that changes whole matrices or norms is not converted");
        var basis = name[..^ending.Ending.Length] + ".weight";
        var mapped = TensorNames.Map(basis, Layers(model), kind)
            ?? throw Misfit(tensor, $"has no matrix in {model.Path}; the adapter belongs to another model");
        var rows = TensorRows.Of(tensor);
        if (ending.IsA)
            return ConvertedTensor.Of(mapped + ".lora_a", tensor.Name, mapped == "token_embd.weight" ? rows.Transposed() : rows);
        if (kind.PairsHalves && HeadsOf(mapped, model) is { } heads)
        {
            if (rows.Shape[0] % (2 * heads) != 0)
                throw Misfit(tensor, $"has rows for other than the model's {heads} heads");
            rows = rows.PairHalves(heads);
        }

        return ConvertedTensor.Of(mapped + ".lora_b", tensor.Name, rows);
    }

    private static int Layers(GgufFile model) =>
        (int)Math.Min(int.MaxValue, model.Metadata.Get<uint>($"{model.Metadata.GetString("general.architecture")}.block_count"));

    // Of queries and keys the number of heads; of other matrices null.
    private static long? HeadsOf(string tensor, GgufFile model)
    {
        var architecture = model.Metadata.GetString("general.architecture");
        var heads = model.Metadata.Get<uint>($"{architecture}.attention.head_count");
        return tensor.EndsWith(".attn_q.weight", StringComparison.Ordinal) ? heads
            : tensor.EndsWith(".attn_k.weight", StringComparison.Ordinal)
                ? model.Metadata.Get($"{architecture}.attention.head_count_kv", heads)
            : null;
    }

    private static float Alpha(string folder, JsonElement config, SafetensorsModel source)
    {
        var path = Path.Combine(folder, ConfigName);
        InputException Refuse(string key, string what) => new($"{path}: key '{key}': {what}; only plain LoRA adapters are converted");
        bool Is(string key) => config.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;
        bool Holds(string key) =>
            config.TryGetProperty(key, out var value)
            && value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().Any(),
                JsonValueKind.Array => value.GetArrayLength() > 0,
                _ => false,
            };
        if (!config.TryGetProperty("peft_type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "LORA")
            throw Refuse("peft_type", "expected LORA");
        foreach (var key in (string[])["use_dora", "fan_in_fan_out", "use_qalora"])
            if (Is(key))
                throw Refuse(key, "is on");
        foreach (var key in (string[])["alpha_pattern", "modules_to_save", "alora_invocation_tokens", "trainable_token_indices"])
            if (Holds(key))
                throw Refuse(key, "is not empty");
        if (config.TryGetProperty("bias", out var bias) && bias.ValueKind == JsonValueKind.String && bias.GetString() != "none")
            throw Refuse("bias", "expected none");
        if (
            !config.TryGetProperty("lora_alpha", out var alpha)
            || alpha.ValueKind != JsonValueKind.Number
            || !alpha.TryGetSingle(out var value)
            || !float.IsFinite(value)
        )
            throw Refuse("lora_alpha", "expected a number");
        if (!Is("use_rslora"))
            return value;
        // Its scale is alpha / √rank; GGUF divides by the rank.
        var ranks = source
            .Tensors.Where(t => t.Shape.Count == 2 && t.Name.Contains("_A", StringComparison.Ordinal))
            .Select(t => t.Shape[0])
            .Distinct()
            .ToList();
        return ranks.Count == 1 ? value * MathF.Sqrt(ranks[0]) : throw Refuse("use_rslora", "is on beside several ranks");
    }

    private static InputException Misfit(SafetensorsTensor tensor, string what) =>
        new($"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)} of [{string.Join(", ", tensor.Shape)}] {what}");
}
