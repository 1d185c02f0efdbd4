namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>Work of one client that continues in small steps, so that sessions run side by side.</summary>
internal interface ICampaignSession
{
    /// <summary>The client whose session it is.</summary>
    int Client { get; }

    /// <summary>All is done, or nothing more can be.</summary>
    bool IsDone { get; }

    /// <summary>Goes on: sends something, or takes an answer.</summary>
    void Step();

    /// <summary>Looks whether anything is lost, doubled or wrong.</summary>
    void Check();
}
