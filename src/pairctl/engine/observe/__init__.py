"""Looking at Palette, at edge hosts and at the status branch. Nothing here can write."""
