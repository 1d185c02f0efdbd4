using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>An adapter of a port as stored in SRAM: y += <paramref name="Scale"/> · B (A x).</summary>
/// <param name="A">Inputs of the port to the rank.</param>
/// <param name="B">Rank to the outputs of the port.</param>
/// <param name="Scale">s.</param>
public sealed record WiredAdapter(BankedMatrix A, BankedMatrix B, float Scale);
