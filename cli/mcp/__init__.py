"""Tools for programs that hold a conversation, over the Model Context Protocol (extra `mcp`): they read and propose."""
