namespace TaalasSim.Reports.Sampling;

/// <summary>A point of a search with what is known of it.</summary>
/// <param name="Genes">Coordinates, each in [0, 1).</param>
/// <param name="Objectives">Figures of which less is better; NaN for none.</param>
/// <param name="Violation">How far it is from meeting all constraints; 0 when it does.</param>
public sealed record Candidate(double[] Genes, double[] Objectives, double Violation);
