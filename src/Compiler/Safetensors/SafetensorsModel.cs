using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Safetensors;

/// <summary>The safetensors files of a model folder, opened together. Pickles are never opened.</summary>
public sealed class SafetensorsModel : IDisposable
{
    private const string IndexName = "model.safetensors.index.json";
    private const string SingleName = "model.safetensors";

    private readonly List<SafetensorsFile> _files = [];
    private readonly List<SafetensorsTensor> _tensors = [];
    private readonly Dictionary<string, SafetensorsTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    private SafetensorsModel() { }

    /// <summary>Every tensor, file by file in ordinal order, by name in each.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors => _tensors;

    /// <summary>Oddities that the model was accepted with, one line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Whether a folder holds weights of a Hugging Face model, readable or not.</summary>
    public static bool IsModelFolder(string folder) =>
        Directory.Exists(folder) && (File.Exists(Path.Combine(folder, "config.json")) || Names(folder, "*.safetensors*").Count > 0);

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="InputException">There are none, a file is malformed or missing, or the files do not belong together.</exception>
    public static SafetensorsModel Open(string folder)
    {
        var model = new SafetensorsModel();
        try
        {
            var index = Path.Combine(folder, IndexName);
            if (File.Exists(index))
                model.OpenShards(folder, index);
            else if (File.Exists(Path.Combine(folder, SingleName)))
                model.Add(Path.Combine(folder, SingleName));
            else
                foreach (var name in LooseNames(folder))
                    model.Add(Path.Combine(folder, name));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Opens one file.</summary>
    /// <exception cref="InputException">The file is missing or malformed.</exception>
    public static SafetensorsModel OpenFile(string path)
    {
        var model = new SafetensorsModel();
        model.Add(path);
        return model;
    }

    /// <summary>The tensor of that name, or null.</summary>
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private static IReadOnlyList<string> LooseNames(string folder)
    {
        var names = Names(folder, "model*.safetensors");
        if (names.Count > 0)
            return names;
        if (Names(folder, "*.bin").Concat(Names(folder, "*.pt")).Concat(Names(folder, "*.pth")).FirstOrDefault() is { } pickle)
            throw new InputException(
                $"{Path.Combine(folder, pickle)}: is a pickle, which can run code when it is opened, so it is not read; give the model "
                    + "as safetensors: save it again with save_pretrained() of transformers, which writes them"
            );
        throw new InputException($"{folder}: holds no model.safetensors; give the folder of a Hugging Face model, or a GGUF file");
    }

    private static List<string> Names(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void OpenShards(string folder, string index)
    {
        var root = JsonFile.ReadObject(index);
        if (!root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new InputException($"{index}: key 'weight_map': expected an object of tensor and file names; fetch the file again");
        var fileOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String || !IsPlainName(entry.Value.GetString()!))
                throw new InputException(
                    $"{index}: tensor {GgufFaults.Quote(entry.Name)}: expected the name of a file of this folder; fetch the index again"
                );
            if (!fileOf.TryAdd(entry.Name, entry.Value.GetString()!))
                throw new InputException($"{index}: tensor {GgufFaults.Quote(entry.Name)} is there twice; fetch the index again");
        }

        if (fileOf.Count == 0)
            throw new InputException($"{index}: names no tensor; fetch the index again");
        foreach (var name in fileOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                throw new InputException($"{path}: missing; the index names it: fetch every file of the model into one folder");
            Add(path);
        }

        Compare(index, root, fileOf);
    }

    private void Compare(string index, JsonElement root, Dictionary<string, string> fileOf)
    {
        foreach (var (tensor, file) in fileOf)
            if (Find(tensor) is not { } found || Path.GetFileName(found.FilePath) != file)
                throw new InputException(
                    $"{index}: tensor {GgufFaults.Quote(tensor)} is not in {GgufFaults.Quote(file)}; the files are of different models: "
                        + "fetch them again"
                );
        var extra = _tensors.Count - fileOf.Count;
        if (extra > 0)
            _warnings.Add($"{extra} tensors are in the files, but not in {IndexName}");
        if (
            root.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("total_size", out var total)
            && total.ValueKind == JsonValueKind.Number
            && total.TryGetInt64(out var bytes)
            && bytes != _tensors.Sum(t => t.Bytes)
        )
            _warnings.Add($"{IndexName} counts {bytes} bytes of tensors, the files hold {_tensors.Sum(t => t.Bytes)}");
    }

    private void Add(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var tensor in file.Tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor))
                throw new InputException(
                    $"{path}: tensor {GgufFaults.Quote(tensor.Name)} is also in {_byName[tensor.Name].FilePath}; these files are not "
                        + "of one model"
                );
            _tensors.Add(tensor);
        }
    }

    private static bool IsPlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.Any(c => c is '/' or '\\' or ':' || char.IsControl(c));
}
