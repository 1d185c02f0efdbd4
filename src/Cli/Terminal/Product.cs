using System.Reflection;

namespace TaalasSim.Cli.Terminal;

/// <summary>The program itself.</summary>
public static class Product
{
    /// <summary>Name and version, as written into every result.</summary>
    public static string Name { get; } =
        $"TaalasSim {typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0"}";
}
