namespace TaalasSim.Runtime.Engine;

/// <summary>Chooses the routed experts of a token in a stage.</summary>
/// <param name="request">Index of the request.</param>
/// <param name="position">Position of the token in its context, from 0.</param>
/// <param name="stage">Index of the stage in the schedule.</param>
/// <param name="experts">Experts to choose from: 0…<paramref name="experts"/> − 1.</param>
/// <param name="chosen">Filled with different experts.</param>
public delegate void ExpertChoice(int request, int position, int stage, int experts, Span<int> chosen);
