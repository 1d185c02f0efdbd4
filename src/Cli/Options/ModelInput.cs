using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Hub;

namespace TaalasSim.Cli.Options;

/// <summary>
/// The model that a command was given, as the compiler reads it: a file or the name of a shape as it is, <c>hf:user/name</c> from the Hub,
/// and the folder of a Hugging Face model as a temporary GGUF file. Close it after use.
/// </summary>
internal sealed class ModelInput : IDisposable
{
    private readonly WorkFolder? _temporary;

    private ModelInput(string path, WorkFolder? temporary) => (Path, _temporary) = (path, temporary);

    /// <summary>GGUF file, shape or chip image.</summary>
    public string Path { get; }

    /// <summary>Opens what an argument names.</summary>
    /// <param name="name">Argument.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The model cannot be had, is malformed or is not converted.</exception>
    public static ModelInput Open(string name, CancellationToken cancel = default)
    {
        using var line = new ProgressLine();
        if (!HubReference.Is(name))
            return ConvertFolder.IsFolder(name) && !File.Exists(System.IO.Path.Combine(name, ChipDirectory.DescriptionName))
                ? Converted(name, NameOf(name), line, cancel)
                : new(name, null);
        var reference = HubReference.Parse(name);
        var snapshot = HubOutput.Pull(reference, line, cancel);
        return ConvertFolder.IsFolder(snapshot.ModelPath)
            ? Converted(snapshot.ModelPath, reference.Repository.Split('/')[^1], line, cancel)
            : new(snapshot.ModelPath, null);
    }

    /// <summary>Removes a temporary file.</summary>
    public void Dispose() => _temporary?.Dispose();

    private static string NameOf(string folder) =>
        System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)));

    private static ModelInput Converted(string folder, string name, ProgressLine line, CancellationToken cancel)
    {
        var temporary = WorkFolder.Create();
        var input = new ModelInput(System.IO.Path.Combine(temporary.Path, name + ".gguf"), temporary);
        try
        {
            var result = ConvertFolder.Write(folder, input.Path, new ConvertOptions { Name = name }, line.Of("Convert the model"), cancel);
            ConversionOutput.WriteNotes(name, result);
            return input;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
