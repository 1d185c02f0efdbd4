namespace TaalasSim.Runtime.Engine;

/// <summary>A token on the chip at a cycle.</summary>
/// <param name="Request">Index of the request.</param>
/// <param name="Position">Position of the token in its context.</param>
/// <param name="Phase">First phase of its stage that has not ended.</param>
/// <param name="PhaseName">Name of that phase.</param>
/// <param name="Answer">What blocks the phase; <see cref="ProbeBlock.None"/> while it is served.</param>
public readonly record struct TokenState(int Request, int Position, PhaseRef Phase, string PhaseName, ProbeAnswer Answer);
