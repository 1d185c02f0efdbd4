using System.Text.Json;

namespace TaalasSim.Server.Tools;

/// <summary>A tool that an answer may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">JSON schema of its arguments.</param>
public sealed record Tool(string Name, JsonElement Parameters);
