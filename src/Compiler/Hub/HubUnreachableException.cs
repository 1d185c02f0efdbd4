namespace TaalasSim.Compiler.Hub;

/// <summary>The Hub cannot be reached or does not answer as it should; a copy in the cache may serve instead.</summary>
internal sealed class HubUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
