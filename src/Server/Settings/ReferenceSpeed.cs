namespace TaalasSim.Server.Settings;

/// <summary>How fast a modelled GPU answers one user with the same model, for the page that shows it beside the chip.</summary>
/// <param name="Name">The card.</param>
/// <param name="FirstTokenSeconds">Time from request to first token, s.</param>
/// <param name="TokensPerSecond">Tokens per second after it.</param>
/// <param name="JoulesPerToken">Energy of a token, J.</param>
public sealed record ReferenceSpeed(string Name, double FirstTokenSeconds, double TokensPerSecond, double JoulesPerToken);
