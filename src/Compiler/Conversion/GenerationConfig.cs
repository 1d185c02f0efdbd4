using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Conversion;

/// <summary>generation_config.json of a model folder: hints for sampling. Not all models have a valid one, so a malformed one counts as
/// none.</summary>
internal static class GenerationConfig
{
    private static readonly (string Name, string Key, bool Whole)[] Hints =
    [
        ("top_k", "top_k", true),
        ("top_p", "top_p", false),
        ("min_p", "min_p", false),
        ("xtc_probability", "xtc_probability", false),
        ("xtc_threshold", "xtc_threshold", false),
        ("temperature", "temp", false),
        ("penalty_last_n", "penalty_last_n", true),
        ("penalty_repeat", "penalty_repeat", false),
        ("mirostat", "mirostat", true),
        ("mirostat_tau", "mirostat_tau", false),
        ("mirostat_eta", "mirostat_eta", false),
    ];

    /// <summary>The file's object, or null.</summary>
    public static JsonElement? Read(string folder)
    {
        var path = Path.Combine(folder, "generation_config.json");
        try
        {
            return File.Exists(path) ? JsonFile.ReadObject(path) : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Writes the hints.</summary>
    public static void Write(GgufKeys keys, string folder)
    {
        if (Read(folder) is not { } config)
            return;
        if (config.TryGetProperty("sequence", out var sequence) && sequence.ValueKind == JsonValueKind.String)
            keys.Add("general.sampling.sequence", sequence.GetString()!);
        foreach (var (name, key, whole) in Hints)
        {
            if (!config.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number)
                continue;
            if (whole && value.TryGetInt32(out var number))
                keys.Add($"general.sampling.{key}", number);
            else if (!whole)
                keys.Add($"general.sampling.{key}", (float)value.GetDouble());
        }
    }
}
