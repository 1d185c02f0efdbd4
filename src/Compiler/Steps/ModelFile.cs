namespace TaalasSim.Compiler.Steps;

/// <summary>The first stage: a model file and what to make of it.</summary>
/// <param name="Path">GGUF file.</param>
/// <param name="Options">What to compile it onto.</param>
public sealed record ModelFile(string Path, CompileOptions Options) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        text.WriteLine($"model {Path}");
        text.WriteLine($"fabric {Options.Fabric.Name}");
        text.WriteLine($"weights {Options.Weights}");
    }
}
