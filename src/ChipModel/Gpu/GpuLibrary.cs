using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Cards, engines, models, request mixes and calibration of a <c>chips</c> folder, found by name.</summary>
public sealed class GpuLibrary
{
    private static readonly string[] Decoration = ["nvidia", "amd", "instinct", "geforce", "hgx", "dgx", "oam", "gpu", "sxm6"];

    private readonly Dictionary<string, GpuCard> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<GpuEngine>> _engines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelShape> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<ModelShape, string> _modelFiles = new(ReferenceEqualityComparer.Instance);

    private GpuLibrary(GpuCalibration calibration, IReadOnlyList<GpuWorkload> workloads, IReadOnlyDictionary<string, string> exclusions) =>
        (Calibration, Workloads, Exclusions) = (calibration, workloads, exclusions);

    /// <summary>Fitted parameters.</summary>
    public GpuCalibration Calibration { get; }

    /// <summary>Request mixes by name.</summary>
    public IReadOnlyList<GpuWorkload> Workloads { get; }

    /// <summary>Measurement rows set aside, with reasons.</summary>
    public IReadOnlyDictionary<string, string> Exclusions { get; }

    /// <summary>Cards, in the order of their file names.</summary>
    public IReadOnlyList<GpuCard> Cards { get; private set; } = [];

    /// <summary>Models of the folder, in the order of their file names.</summary>
    public IReadOnlyList<ModelShape> Models => [.. _modelFiles.OrderBy(f => f.Value, StringComparer.Ordinal).Select(f => f.Key)];

    /// <summary>Loads a folder that holds <c>gpus/</c> and <c>models/</c>.</summary>
    /// <param name="chips">The folder.</param>
    /// <param name="calibration">Parameters to use instead of <c>gpus/calibration.yaml</c>, as fitting does.</param>
    /// <exception cref="InputException">A file is missing or faulty, or two files claim one name.</exception>
    public static GpuLibrary Load(string chips, GpuCalibration? calibration = null)
    {
        var gpus = Path.Combine(chips, "gpus");
        var library = new GpuLibrary(
            calibration ?? YamlReader.Read<GpuCalibration>(Path.Combine(gpus, "calibration.yaml")),
            YamlReader.Read<GpuWorkloadFile>(Path.Combine(gpus, "workloads.yaml")).Workloads,
            YamlReader.Read<GpuExclusions>(Path.Combine(gpus, "measurements", "exclusions.yaml")).Rows
        );
        var cards = new List<GpuCard>();
        foreach (var file in Files(gpus).Where(f => Path.GetFileName(f) is not ("calibration.yaml" or "workloads.yaml")))
        {
            var card = YamlReader.Read<GpuCard>(file);
            cards.Add(card);
            // A child inherits its parent's aliases unless it states its own; the file name always names the card.
            foreach (var name in card.Aliases.Append(card.Name).Append(Path.GetFileNameWithoutExtension(file)))
                Claim(library._cards, name, card, file);
        }

        library.Cards = cards;
        foreach (var file in Files(Path.Combine(gpus, "engines")))
        {
            var engine = YamlReader.Read<GpuEngine>(file);
            if (engine.VersionBelow.Length > 0 && !Version.TryParse(engine.VersionBelow, out _))
                throw new InputException($"{file}: version_below '{engine.VersionBelow}' is not a version such as 0.10");
            foreach (var key in engine.Aliases.Append(engine.Name).Select(Key).Distinct(StringComparer.Ordinal))
            {
                if (!library._engines.TryGetValue(key, out var list))
                    library._engines[key] = list = [];
                list.Add(engine);
            }
        }

        foreach (var file in Files(Path.Combine(chips, "models")))
        {
            var model = YamlReader.Read<ModelShape>(file);
            library._modelFiles[model] = Path.GetFileNameWithoutExtension(file);
            foreach (var name in model.Aliases.Append(model.Name).Append(Path.GetFileNameWithoutExtension(file)))
                Claim(library._models, name, model, file);
        }

        return library;
    }

    /// <summary>A library that also knows the cards and models described in another folder; these come first where names collide.</summary>
    /// <param name="chips">The folder with <c>gpus/</c> and <c>models/</c>, where bases are found.</param>
    /// <param name="folder">Folder with YAML files, told apart by their keys; files of other kinds are passed over.</param>
    /// <exception cref="InputException">A card or model is faulty.</exception>
    public GpuLibrary With(string chips, string folder)
    {
        var (gpus, models) = (Path.Combine(chips, "gpus"), Path.Combine(chips, "models"));
        var library = Load(chips, Calibration);
        foreach (var file in Files(folder))
        {
            if (YamlReader.Keys(file, gpus).Contains("memory_tb_per_s"))
            {
                var card = YamlReader.Read<GpuCard>(file, library: gpus);
                library.Cards = [.. library.Cards.Where(c => c.Name != card.Name), card];
                // Aliases that come from the base belong to the base.
                foreach (
                    var name in card
                        .Aliases.Where(a => FindCard(a) is null)
                        .Append(card.Name)
                        .Append(Path.GetFileNameWithoutExtension(file))
                )
                    library._cards[Key(name)] = card;
            }
            else if (YamlReader.Keys(file, models).Contains("embedding_length"))
            {
                var model = YamlReader.Read<ModelShape>(file, library: models);
                foreach (
                    var name in model
                        .Aliases.Where(a => FindModel(a) is null)
                        .Append(model.Name)
                        .Append(Path.GetFileNameWithoutExtension(file))
                )
                    library._models[Key(name)] = model;
            }
        }

        return library;
    }

    /// <summary>Finds a card by any of its names, with or without vendor and packaging words, or null.</summary>
    public GpuCard? FindCard(string name) =>
        _cards.GetValueOrDefault(Key(name))
        ?? _cards.GetValueOrDefault(
            Key(
                string.Concat(name.Split('(')[0].Split(' ', '-', '_').Where(w => !Decoration.Contains(w, StringComparer.OrdinalIgnoreCase)))
            )
        );

    /// <summary>Finds a card.</summary>
    /// <exception cref="InputException">No card has that name.</exception>
    public GpuCard Card(string name) =>
        (name.Contains('(', StringComparison.Ordinal) && !name.EndsWith(')') ? null : FindCard(name))
        ?? throw new InputException(
            $"GPU '{name}' is unknown{NearestName.Hint(name, Cards.SelectMany(c => c.Aliases.Append(c.Name)))}; use one of "
                + $"{string.Join(", ", Cards.Select(c => c.Name))} or add chips/gpus/NAME.yaml"
        );

    /// <summary>Finds an engine preset by name and, where presets differ by it, version or else the year of a run (0 for none); null for
    /// none.</summary>
    public GpuEngine? FindEngine(string name, string version = "", int year = 0)
    {
        if (!_engines.TryGetValue(Key(name), out var presets))
        {
            // "vLLM (ROCm)" or "TensorRT-LLM PyTorch backend": the longest name that the text starts with.
            var longest = _engines.Keys.Where(k => Key(name).StartsWith(k, StringComparison.Ordinal)).MaxBy(k => k.Length);
            if (longest is null)
                return null;
            presets = _engines[longest];
        }

        var number = new string([.. version.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).Trim('.');
        var stated = Version.TryParse(number.Contains('.', StringComparison.Ordinal) ? number : number + ".0", out var parsed);
        var dated = presets
            .Where(p => p.VersionBelow.Length > 0 && (stated ? parsed < Version.Parse(p.VersionBelow) : year > 0 && year <= p.UntilYear))
            .MinBy(p => Version.Parse(p.VersionBelow));
        return dated ?? presets.Find(p => p.VersionBelow.Length == 0) ?? presets[0];
    }

    private IEnumerable<string> EngineNames =>
        _engines.Values.SelectMany(e => e).Select(e => e.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Finds an engine preset.</summary>
    /// <exception cref="InputException">No preset has that name.</exception>
    public GpuEngine Engine(string name) =>
        (_engines.ContainsKey(Key(name)) ? FindEngine(name) : null)
        ?? throw new InputException(
            $"engine '{name}' is unknown{NearestName.Hint(name, EngineNames)}; use one of {string.Join(", ", EngineNames)}"
        );

    /// <summary>Finds a model by any of its names, with or without its publisher, or null.</summary>
    public ModelShape? FindModel(string name)
    {
        foreach (var candidate in new[] { name, name.Split('/')[^1], name.Split('(')[0] })
        {
            var key = Key(candidate);
            foreach (var suffix in new[] { "", "instruct", "fp8", "chat", "it", "hf", "bf16", "nvfp4", "fp4" })
                if (key.EndsWith(suffix, StringComparison.Ordinal) && _models.TryGetValue(key[..^suffix.Length], out var shape))
                    return shape;
            foreach (var inner in new[] { "instructfp8", "instructbf16", "instructnvfp4", "instructfp4" })
                if (key.EndsWith(inner, StringComparison.Ordinal) && _models.TryGetValue(key[..^inner.Length], out var shape))
                    return shape;
        }

        return null;
    }

    /// <summary>File name, without ending, of a model by any of its names; null when none has that name.</summary>
    public string? FileOfModel(string name) => FindModel(name) is { } shape ? _modelFiles.GetValueOrDefault(shape) : null;

    /// <summary>Finds a model.</summary>
    /// <exception cref="InputException">No model has that name.</exception>
    public ModelShape Model(string name) =>
        FindModel(name)
        ?? throw new InputException(
            $"model '{name}' is unknown{NearestName.Hint(name, _modelFiles.Values)}; add its sizes as chips/models/NAME.yaml"
        );

    private static void Claim<T>(Dictionary<string, T> table, string name, T item, string file)
        where T : class
    {
        if (!table.TryAdd(Key(name), item) && !ReferenceEquals(table[Key(name)], item))
            throw new InputException($"{file}: the name '{name}' belongs to another file; drop it from 'aliases'");
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            : throw new InputException($"{folder}: no such folder");

    /// <summary>Names compare by letters and digits alone.</summary>
    private static string Key(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
