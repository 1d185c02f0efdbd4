namespace TaalasSim.Compiler.Conversion;

/// <summary>A token that stands beside the merges or pieces of a vocabulary.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether it is a control token.</param>
/// <param name="Normalized">Whether it is found after normalisation.</param>
internal sealed record AddedToken(long Id, string Content, bool Special, bool Normalized);
