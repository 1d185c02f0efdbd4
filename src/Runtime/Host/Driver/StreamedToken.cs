namespace TaalasSim.Runtime.Host.Driver;

/// <summary>A token as it reached the host.</summary>
/// <param name="Id">Vocabulary index.</param>
/// <param name="Position">Its place in the context, 0-based.</param>
/// <param name="TimeNs">Simulated host time of arrival.</param>
/// <param name="IsLast">The count was reached, or it is a stop id.</param>
public readonly record struct StreamedToken(int Id, int Position, long TimeNs, bool IsLast);
