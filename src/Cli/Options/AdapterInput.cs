using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Hub;

namespace TaalasSim.Cli.Options;

/// <summary>The adapters that a command was given as the compiler reads them: GGUF files as they are, folders of PEFT adapters and
/// <c>hf:user/name</c> as temporary GGUF files. Close it after use.</summary>
internal sealed class AdapterInput : IDisposable
{
    private readonly List<WorkFolder> _temporary = [];

    /// <summary>Opens adapters.</summary>
    /// <param name="names">FILE[:SCALE] or FOLDER[:SCALE], each.</param>
    /// <param name="model">GGUF file of the model that they are for.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">An adapter is malformed or not for the model.</exception>
    public AdapterInput(IEnumerable<string> names, string model, CancellationToken cancel)
    {
        try
        {
            Files = [.. names.Select(AdapterFile.Parse).Select(request => Opened(request, model, cancel))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Files and scales.</summary>
    public IReadOnlyList<AdapterFile> Files { get; }

    /// <summary>Removes temporary files.</summary>
    public void Dispose()
    {
        foreach (var folder in _temporary)
            folder.Dispose();
        _temporary.Clear();
    }

    private AdapterFile Opened(AdapterFile request, string model, CancellationToken cancel)
    {
        var (path, name) = (request.Path, System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(request.Path)));
        if (HubReference.Is(path))
        {
            using var line = new ProgressLine();
            path = HubOutput.Pull(HubReference.Parse(path), line, cancel).ModelPath;
        }

        if (!ConvertAdapter.IsFolder(path))
            return request with { Path = path };
        if (!File.Exists(model))
            throw new InputException($"{request.Path}: an adapter needs the model that it is for: give a GGUF file or a model folder");
        var folder = WorkFolder.Create();
        _temporary.Add(folder);
        var target = System.IO.Path.Combine(folder.Path, name + ".gguf");
        using var file = GgufFile.Open(model);
        ConvertAdapter.Write(path, file, target);
        return request with { Path = target };
    }
}
