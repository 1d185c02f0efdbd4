using System.Text.Json.Serialization;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>Texts of messages, without reflection, so that the driver library can be compiled ahead of time.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeviceOpening))]
[JsonSerializable(typeof(DeviceStatus))]
[JsonSerializable(typeof(CardTelemetry))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RemoteJson : JsonSerializerContext;
