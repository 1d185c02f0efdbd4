namespace TaalasSim.Compiler.Steps;

/// <summary>Progress of a compilation.</summary>
/// <param name="Step">Step in words.</param>
/// <param name="Done">Share of the step that is done, 0…1.</param>
public readonly record struct CompileProgress(string Step, double Done);
