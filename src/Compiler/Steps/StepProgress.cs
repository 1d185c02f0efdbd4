namespace TaalasSim.Compiler.Steps;

/// <summary>Passes the share done of a step on at once. <see cref="Progress{T}"/> would report from the thread pool, perhaps after the step
/// has ended.</summary>
/// <param name="progress">Progress of the compilation, or null.</param>
/// <param name="title">The step.</param>
internal sealed class StepProgress(IProgress<CompileProgress>? progress, string title) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => progress?.Report(new CompileProgress(title, value));
}
