using TaalasSim.Compiler.Steps;

namespace TaalasSim.Cli.Terminal;

/// <summary>Shows the steps of a compilation on the progress line.</summary>
public sealed class StepLine(ProgressLine line) : IProgress<CompileProgress>
{
    /// <inheritdoc/>
    public void Report(CompileProgress value) => line.Show(value.Step, value.Done);
}
